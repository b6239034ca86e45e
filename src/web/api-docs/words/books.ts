/** The chart of accounts, journals, periods, rates and reports. */
export const BOOKS_WORDS = {
  'POST /api/ledger/accounts.accounts': 'Accounts to name; the others stay as they are.',
  account: 'What the account is for: its role, which never changes.',
  'accounts.number': 'Its number in your chart of accounts; stands in exports.',
  'accounts.name': 'Its name in your chart of accounts; stands in exports.',
  'dimensions.from': 'Which fact of a posting the value is taken from.',
  'path.account': 'Role of the account.',
  'query.account': 'Only entries that touch this account.',
  'query.format': 'The accounting system whose import form the file has.',
  'NewFxRates.rates': 'Rates of any days and pairs; one that is known already must be the same.',
  'rates.quote': 'ISO 4217 code of the currency that the rate is in.',
  'rates.date': 'The day that the rate is of.',
  'query.quote': 'Only rates in this currency.',
  'GET /api/fx-rates.query.from': 'First day, included.',
  'query.by': 'Length of a period: a week from Monday, or a month.',
  'query.periods': 'How many periods to look ahead.',
}
