const OPTION = {
  option: 'What the customer may buy later at a discount that others do not get.',
  expected_purchase: 'What it would buy with the option, at list price, in major units.',
  discount_percent: 'Percent off that the option gives.',
  general_discount_percent: 'Percent off that any customer gets; only what is above it is a right.',
  likelihood_percent: 'How likely the option is used, in percent.',
}

const ESTIMATE = {
  method: 'How it is estimated: as one amount, by expected value, or the most likely outcome.',
  outcomes: 'The amounts that it may come to.',
  'outcomes.amount': 'The amount, in major units; below zero lowers the price.',
  'outcomes.probability': 'How likely, from 0 to 1.',
  'constraint.most': 'The most that is put into the price, in major units.',
  'constraint.confidence': 'From 0 to 1: so likely must it be that no revenue is reversed.',
}

const CRITERIA = {
  approved: 'The parties have approved it and are committed.',
  rights_identified: 'The rights of each party can be identified.',
  payment_terms_identified: 'The payment terms can be identified.',
  commercial_substance: 'It has commercial substance.',
  collection_probability: 'How likely it is that the customer pays, from 0 to 1.',
}

const SELLING_PRICES = {
  approved_by: 'Who approved these prices.',
  entries: 'One price for each product and currency.',
  'NewSellingPrices.entries.method': 'How the price was found.',
  'price.amount': 'The price, in major units.',
  low: 'Lowest of the range, in major units.',
  high: 'Highest of the range, in major units.',
  residual: 'Why the price is what others leave over.',
  observed: 'Prices seen; a residual outside them is refused.',
  'bundles.products.quantity': 'Units of it in one bundle.',
}

const FACTS = {
  effective_date: 'The day from which it holds.',
  'kind=delivery': 'Something was handed over.',
  'kind=estimate': 'An amount that is not fixed, as estimated now.',
  'kind=treatment': 'How a modification is accounted for, in place of what the rules choose.',
  'kind=credit': 'A price cut for service given already.',
  'kind=criteria': 'Whether it is a contract at all (step 1), from its day on.',
  'kind=non_refundable': 'What was paid without a contract and need not be given back.',
  'kind=payable': 'What is owed to the customer.',
  'kind=material_right': 'A right to buy more at a discount.',
  'kind=exercise': 'A material right was used.',
  'kind=usage_policy': 'Why usage of a product is revenue as it happens, from its day on.',
  'kind=combination': 'Contracts that are accounted for as one.',
  treatment: 'How the modification is accounted for.',
  'NewRevenueFact.amount': 'In major units, above zero.',
  'NewRevenueFact.key': 'Its name; the next fact of the same name takes its place.',
  'Delivery.date': 'The day on which it was handed over.',
}

/** The deal of `POST /api/preview/revenue`. */
const DEAL = {
  'POST /api/preview/revenue.framework': 'The standard that it is accounted by.',
  obligations: 'The promises that the price is divided among.',
  key: 'Your own name for it within this body.',
  recognition: 'How its revenue is earned over time.',
  'events.date': 'The day on which it happened.',
  'estimates.from': 'The day from which the estimate holds.',
  'estimates.total_quantity': 'Expected in all, as seen from that day.',
  cost: 'Expected cost of satisfying it, in major units.',
  margin_percent: 'Margin on top of the cost, in percent.',
  remaining_ssp: 'Selling price of what remains of it, in major units.',
  modifications: 'Amendments, and amounts estimated anew, in order of their dates.',
  'modifications.add.ssp': 'Selling price: an amount, a range, cost and margin, or an option.',
  add: 'Promises that are added.',
  change: 'Promises whose measure changes.',
  remove: 'Keys of promises that end.',
  'credits.key': 'The obligation whose price is cut.',
  'modifications.credits.amount': 'By how much, in major units.',
  promised: 'Whether it was promised at inception or with a modification.',
  variable: 'Amounts that are not fixed: bonuses, penalties, rebates.',
  payable_to_customer: 'What is paid to the customer, which lowers the price.',
  fair_value_received: 'Worth of a distinct good or service that is got for it.',
  'taxes.amount': 'The tax, in major units.',
  principal: 'True: the tax is the seller’s own and stays in the price.',
  'discount_bundle.keys': 'The obligations of the bundle.',
  'discount_bundle.price': 'What the bundle is regularly sold for, in major units.',
  all_sold_alone: 'Whether each of them is regularly sold alone as well.',
  policy: 'Choices of the entity, where they are not the usual ones.',
  constraint_confidence: 'From 0 to 1: the confidence that variable amounts are constrained with.',
  ssp_outside_range:
    'What is taken for a stated price outside its range: the nearest bound, or the midpoint.',
  bundle_tolerance: 'How far apart prices may be to count as the same; 0.05 is 5%.',
  billings: 'What is billed when: for contract assets and liabilities, and for financing.',
  'billings.date': 'The date of the invoice.',
  'billings.amount': 'What is billed, without tax, in major units.',
  paid_on: 'The day on which it was paid.',
}

/** The five steps of revenue. */
export const REVENUE_WORDS = { ...OPTION, ...ESTIMATE, ...CRITERIA, ...SELLING_PRICES, ...FACTS, ...DEAL }
