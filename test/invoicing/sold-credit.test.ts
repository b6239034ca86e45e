import { describe, expect, it } from 'vitest'
import { creditTermsField } from '../../src/catalog/credit-terms.http.ts'
import type {
  AgreedDiscount,
  Commitment,
  ContractProduct,
  ContractTerms,
} from '../../src/contracts/contract.ts'
import type { GrantState } from '../../src/credits/movement.ts'
import { move, untouched } from '../../src/credits/movement.ts'
import { withLines } from '../../src/invoicing/charges/billed-cycle.ts'
import { planCreditNote } from '../../src/invoicing/corrections/credit-note.ts'
import { planVoidInvoice } from '../../src/invoicing/corrections/void-invoice.ts'
import { planWriteOff } from '../../src/invoicing/corrections/write-off.ts'
import { type CycleCloseInput, planCycleClose } from '../../src/invoicing/cycle/cycle-close.ts'
import type { Invoice } from '../../src/invoicing/invoice.ts'
import type { JournalEntry } from '../../src/ledger/journal-entry.ts'
import { at, grantOf, paidGrant } from '../credits/grants.ts'
import { sold, termsOf } from '../support/contract-terms.ts'
import { closing, flat, PRODUCTS, sealed, unit, usage } from './closing.ts'
import { paidBy } from './documents/issued.ts'

type Sent = Parameters<typeof creditTermsField.parse>[0] & object

/** `pack` is sold once, `wallet` every cycle: of every 1,000.00 of their price 1,200.00 are credited. */
const selling = (sent: Sent = {}): CycleCloseInput['products'] => {
  const grantsCredit = creditTermsField.parse({ paid: '1000', granted: '1200', ...sent })
  const product = (ref: string, kind: 'one_time' | 'recurring') =>
    [ref, { ref, name: ref, kind, metric: null, grantsCredit }] as const
  return new Map([...PRODUCTS, product('pack', 'one_time'), product('wallet', 'recurring')])
}

const close = (
  products: ContractProduct[],
  {
    terms,
    boundary = 0,
    sent,
    ...more
  }: Partial<CycleCloseInput> & { terms?: Partial<ContractTerms>; boundary?: number; sent?: Sent } = {},
) => planCycleClose(closing(termsOf(products, terms), boundary, { products: selling(sent), ...more }))

const LAUNCH: AgreedDiscount = {
  name: 'Launch',
  type: 'percent',
  value: '20',
  products: null,
  from: null,
  until: null,
  cycles: null,
}

const COMMITTED: Commitment = {
  amount: '500.00',
  period: 'cycle',
  true_up: true,
  overage_factor: '1',
  product_ref: null,
  start_date: '2026-01-01',
  end_date: null,
}

const postingsOf = (entries: readonly JournalEntry[]) =>
  entries.flatMap(({ postings }) => postings.map(({ account, amount }) => [account, amount]))

describe('an invoice that sells credit', () => {
  it('owes it to the customer, beside the position of the contract', () => {
    const plan = close([sold('pack', flat('1000.00')), sold('seats', flat('80.00'))], {
      terms: { tax_percent: '10' },
    })
    // 1,080.00 and 108.00 of tax.
    expect(postingsOf(plan.entries)).toEqual([
      ['accounts_receivable', 118_800n],
      ['contract_position', -8_000n],
      ['customer_credit', -100_000n],
      ['tax_payable', -10_800n],
    ])
    const [line] = plan.invoices[0]!.lines.filter(({ productRef }) => productRef === 'pack')
    expect(plan.grants).toMatchObject([
      { amount: 120_000n, costBasis: 100_000n, sourceId: line!.id, beforeTax: true, onPayment: true },
    ])
    expect(line!.sellsCredit).toMatchObject({ amount: '120000', available: 'on_payment' })
  })

  it.each([
    // 1,000.00 less 20 % are 800.00 for 1,200.00.
    [
      'with a discount, which lowers its price alone',
      sold('pack', flat('1000.00')),
      { discounts: [LAUNCH] },
      120_000n,
      80_000n,
    ],
    // 1,190.00 with 19 % of tax in it: 1,428.00 of credit for 1,000.00.
    [
      'at a price with tax',
      sold('pack', flat('1190.00')),
      { taxes: [{ name: 'VAT', percent: '19', inclusive: true }] },
      142_800n,
      100_000n,
    ],
    ['more than once', sold('pack', flat('250.00'), { quantity: '3' }), {}, 90_000n, 75_000n],
    // From 17 to 31 January: 1,000.00 × 15/31 = 483.87, and 580.64 of credit.
    [
      'for a part of a cycle',
      sold('wallet', flat('1000.00'), { billing_start_date: '2026-01-17' }),
      {},
      58_064n,
      48_387n,
    ],
  ] as [string, ContractProduct, Partial<ContractTerms>, bigint, bigint][])(
    '%s',
    (_, product, terms, amount, costBasis) => {
      expect(close([product], { terms }).grants).toMatchObject([{ amount, costBasis }])
    },
  )

  it('makes one grant for each line, whoever plans it again, and none of nothing', () => {
    const january = close([sold('wallet', flat('100.00'))], { boundary: 0 })
    const february = close([sold('wallet', flat('100.00'))], { boundary: 1 })
    const refs = [january, february, close([sold('wallet', flat('100.00'))])].map(
      ({ grants }) => grants[0]!.ref,
    )
    expect([new Set(refs).size, refs[2]]).toEqual([2, refs[0]])
    expect(close([sold('pack', flat('0'))]).grants).toEqual([])
  })

  it('is not paid with credit, but with money that was kept', () => {
    const wallet = [
      untouched(paidGrant({ ref: 'bought', amount: 50_000n })),
      untouched(grantOf({ ref: 'gift', beforeTax: true })),
      untouched(paidGrant({ ref: 'kept', amount: 3_000n, source: 'overpayment' })),
    ]
    const products = [sold('pack', flat('100.00')), sold('seats', flat('20.00'))]
    const { burnt, invoices } = close(products, { wallet })
    // The gift takes the 20.00 of the seats before tax; the money that was kept pays 30.00 of the pack.
    expect(burnt.map(({ moved: { movement } }) => [movement.grantRef, movement.amount])).toEqual([
      ['gift', 2_000n],
      ['kept', 3_000n],
    ])
    expect(invoices[0]!.total - invoices[0]!.creditsAmount).toBe(7_000n)
  })

  it('leaves what it sold to the invoices after it', () => {
    const held = { ...untouched(paidGrant({ ref: 'held' })), isHeld: true }
    const products = [sold('wallet', flat('100.00')), sold('calls', unit('0.10'))]
    const input = { boundary: 1, sealed: sealed(1, [usage('calls', { '2026-01': '100' })]), wallet: [held] }
    const plan = close(products, { ...input, sent: { available: 'on_issue' } })
    // 10.00 of calls are due: neither what waits for its payment nor what is sold here pays for them.
    expect([plan.burnt, plan.invoices[0]!.total]).toEqual([[], 11_000n])
    expect(plan.wallet.map(({ grant }) => grant.amount)).toEqual([10_000n, 12_000n])
    expect(close(products, input).wallet).toEqual([held])
  })

  it('counts towards no commitment: the usage does that it pays for', () => {
    const terms = { commitments: [COMMITTED] }
    const january = close([sold('wallet', flat('400.00'))], { terms }).invoices[0]!.lines
    const billedCycles = withLines([], january)
    const plan = close([sold('wallet', flat('400.00'))], { terms, boundary: 1, billedCycles })
    const trueUp = plan.invoices[0]!.lines.find(({ kind }) => kind === 'true_up')!
    expect([trueUp.amount, trueUp.sellsCredit]).toEqual([50_000n, undefined])
  })

  it('is not changed inside its cycle: another price holds from the next on', () => {
    const [line] = close([sold('wallet', flat('100.00'))]).invoices[0]!.lines
    const changed = [
      sold('wallet', flat('100.00'), { billing_end_date: '2026-01-16' }),
      sold('wallet', flat('300.00'), { billing_start_date: '2026-01-16' }),
    ]
    const plan = close(changed, { boundary: 1, billedFees: [{ ...line!, taken: [] }] })
    expect(plan.invoices[0]!.lines.map(({ kind, amount }) => [kind, amount])).toEqual([
      ['recurring', 30_000n],
    ])
    // What was never billed for these days is, with its part of the credit: 300.00 × 16/31 = 154.84.
    const added = close([changed[1]!], { boundary: 1, billedFees: [] })
    expect(added.grants.map(({ amount, costBasis }) => [amount, costBasis])).toEqual([
      [36_000n, 30_000n],
      [18_581n, 15_484n],
    ])
  })
})

const NOW = at('2026-07-20')
const use = (state: GrantState, amount: bigint) =>
  move(state, { kind: 'burnt', amount, invoiceId: 'other', actor: 'billing', at: NOW }).state

/** 1,200.00 of credit for 1,000.00 with 10 % of tax, of which some is used, and 80.00 of seats. */
function issued(used = 0n): { invoice: Invoice; sold: GrantState[]; packLine: string } {
  const products = [sold('pack', flat('1000.00')), sold('seats', flat('80.00'))]
  const { invoices, grants } = close(products, { terms: { tax_percent: '10' } })
  const state = untouched(grants[0]!)
  return {
    invoice: invoices[0]!,
    sold: [used > 0n ? use(state, used) : state],
    packLine: grants[0]!.sourceId,
  }
}

const by = { reason: 'not wanted', actor: 'Ann', now: NOW }
const noteOf = (facts: ReturnType<typeof issued>, lines?: { lineId: string; amount?: bigint }[], paid = 0n) =>
  planCreditNote({
    ...facts,
    ...by,
    lines,
    reversals: [],
    allocations: paid > 0n ? [paidBy('pay', paid)] : [],
    key: 'k',
    cause: 'concession',
    nextSequence: 1,
    issueDate: '2026-07-20',
    timezone: 'UTC',
  })

describe('a credit note for credit', () => {
  it('takes back what is unused, by its price, and gives the money back as the customer’s own', () => {
    const facts = issued(30_000n)
    const plan = noteOf(facts, [{ lineId: facts.packLine }], 118_800n)
    // 300.00 of 1,200.00 are used: 250.00. 750.00 and 75.00 of tax were paid, and are kept.
    expect(postingsOf(plan.entries)).toEqual([
      ['customer_credit', 75_000n],
      ['tax_payable', 7_500n],
      ['customer_credit', -82_500n],
    ])
    expect(
      plan.withdrawn.map(({ movement: { kind, amount, released, settlement } }) => [
        kind,
        amount,
        released,
        settlement,
      ]),
    ).toEqual([['voided', 90_000n, 75_000n, null]])
    expect(plan.grants).toMatchObject([{ amount: 82_500n, source: 'credit_note' }])
  })

  it('takes a part, and with the whole invoice all that is left', () => {
    const facts = issued(30_000n)
    const part = noteOf(facts, [{ lineId: facts.packLine, amount: 10_000n }])
    expect(part.withdrawn.map(({ movement }) => movement.amount)).toEqual([12_000n])
    // 750.00 of the pack and 80.00 of seats, with 83.00 of tax.
    const whole = noteOf(facts)
    expect([whole.creditNote.subTotal, whole.creditNote.totalTax]).toEqual([83_000n, 8_300n])
  })

  it('says that what was used cannot be taken back', () => {
    const facts = issued(30_000n)
    const line = facts.packLine
    expect(() => noteOf(facts, [{ lineId: line, amount: 75_001n }])).toThrow(
      `750.00 USD are left of the line "${line}": the credit that it sold is used or over but for that`,
    )
    expect(() => noteOf(issued(120_000n), [{ lineId: line }])).toThrow('0.00 USD are left')
  })
})

describe('an invoice of credit that is given up', () => {
  const writeOff = (facts: ReturnType<typeof issued>, paid: bigint) =>
    planWriteOff({
      ...facts,
      ...by,
      reversals: [],
      allocations: paid > 0n ? [paidBy('pay', paid)] : [],
      taxRelief: false,
      today: '2026-07-20',
    })

  it('takes back the share of the unused credit that is open', () => {
    // A half is open: 594.00 of 1,188.00, and half of the 750.00. January's seats were given.
    const plan = writeOff(issued(30_000n), 59_400n)
    expect(plan.withdrawn.map(({ movement: { amount, released } }) => [amount, released])).toEqual([
      [45_000n, 37_500n],
    ])
    expect(postingsOf(plan.entries)).toEqual([
      ['customer_credit', 37_500n],
      ['bad_debt_expense', 21_900n],
      ['accounts_receivable', -59_400n],
    ])
  })

  it('takes all of it where nothing was paid or used', () => {
    const plan = writeOff(issued(), 0n)
    expect(plan.withdrawn.map(({ movement: { amount, released } }) => [amount, released])).toEqual([
      [120_000n, 100_000n],
    ])
  })

  it('is void with its credit, as long as none of it is used', () => {
    const facts = issued()
    const voided = (given: ReturnType<typeof issued>) =>
      planVoidInvoice({ ...given, ...by, allocations: [], today: '2026-07-20' })
    const plan = voided(facts)
    expect(plan.withdrawn).toMatchObject([
      { movement: { kind: 'voided', amount: 120_000n, released: 100_000n } },
    ])
    expect(postingsOf(plan.entries)).toEqual([
      ['accounts_receivable', -118_800n],
      ['contract_position', 8_000n],
      ['customer_credit', 100_000n],
      ['tax_payable', 10_800n],
    ])
    expect(() => voided(issued(1n))).toThrow('has sold credit of which a part is used or over')
  })
})
