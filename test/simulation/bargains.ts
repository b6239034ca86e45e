import type { ContractFact } from './facts.ts'
import type { Random } from './random.ts'
import type { Answer } from './simulation.ts'

type Send = (method: string, path: string, body: unknown) => Promise<Answer>

const DAY_MS = 86_400_000
/** What the program may rightly refuse: a day that is invoiced, a contract that is over. */
const REFUSED = [409, 422]

/** What the fee of the wallet buys. */
export const SOLD_CREDIT = { paid: '7', granted: '9' }

/** Billed by the quarter, in a contract by the month. */
const PLATFORM = {
  product_ref: 'platform',
  model: { type: 'flat', amount: '91.10' },
  quantity: '2',
  billing_cycle: { unit: 'QUARTERLY' },
}

/** Whether this is a contract at all is judged again and again. */
export const JUDGED = 'flexible'

const EVERYTHING = { method: 'observed', evidence: 'Price list', per: 'month' }

/**
 * Agreements that change while they run: one with discounts, two taxes and a fee by the quarter, that may be cancelled
 * and is no contract on some of its days, and one whose revenue follows the price of the whole contract; and one that sells credit, which pays for its seats.
 * What they bill line by line is not worked out again; that it is recognised, still in the position or owed as credit,
 * and follows from the facts, is.
 */
export class Bargains {
  readonly #random: Random
  readonly #contract: ContractFact
  readonly #send: Send

  /** Sold by a seller, in the currency and zone of a contract that is there. */
  constructor(random: Random, contract: ContractFact, send: Send) {
    this.#random = random
    this.#contract = contract
    this.#send = send
  }

  async agree(): Promise<void> {
    const { entity, currency } = this.#contract
    const prices = { seats: '30', setup: '40' }
    const entries = Object.entries(prices).map(([product_ref, amount]) => ({
      ...EVERYTHING,
      ...(product_ref === 'setup' && { per: 'once' }),
      product_ref,
      currency,
      price: { amount },
    }))
    const selling = { entity_ref: entity.ref, effective_date: '2025-12-01', approved_by: 'Controller' }
    await this.#ask('/api/revenue/ssp', { ...selling, entries })
    for (const customer_ref of ['eve', 'fay', 'gus'])
      await this.#ask('/api/customers', { customer_ref, name: customer_ref })
    await this.#ask('/api/products', { product_ref: 'platform', name: 'Platform', kind: 'recurring' })
    const flexible = this.#terms('eve', 'flexible')
    await this.#ask('/api/contracts', {
      ...flexible,
      products: [...flexible.products, { ...PLATFORM, credit_removals: true }],
      discounts: [{ name: 'Welcome', type: 'percent', value: '12.5' }],
      tax: [
        { name: 'State', rate_percent: '4.25' },
        { name: 'City', rate_percent: '3' },
      ],
    })
    await this.#ask('/api/contracts', { ...this.#terms('fay', 'bundle'), end_date: '2026-07-20' })
    await this.#sellCredit()
  }

  /** Of every 7 that are paid 9 are credited, good for a month, and a half of the leftover for one more. */
  async #sellCredit(): Promise<void> {
    const terms = this.#terms('gus', 'wallet')
    await this.#ask('/api/products', {
      product_ref: 'wallet',
      name: 'Wallet',
      kind: 'recurring',
      grants_credit: {
        ...SOLD_CREDIT,
        available: this.#random.pick(['on_payment', 'on_issue']),
        expires_after: { unit: 'MONTHLY' },
        rollover: { share_percent: '50' },
      },
    })
    const wallet = { product_ref: 'wallet', model: { type: 'flat', amount: '70' } }
    await this.#ask('/api/contracts', { ...terms, products: [...terms.products, wallet] })
  }

  #terms(customerRef: string, contractRef: string) {
    const { entity, currency, timezone } = this.#contract
    const seats = { product_ref: 'seats', model: { type: 'flat', amount: '25' }, quantity: '3' }
    const setup = { product_ref: 'setup', model: { type: 'flat', amount: '90' }, quantity: '1' }
    return {
      contract_ref: contractRef,
      customer_ref: customerRef,
      entity_ref: entity.ref,
      currency,
      timezone,
      start_date: '2026-01-20',
      billing_cycle: { unit: 'MONTHLY', cycle: 1 },
      products: [{ ...seats, bill: 'advance', credit_removals: this.#random.chance(0.5) }, setup],
    }
  }

  async change(now: number): Promise<void> {
    if (this.#random.chance(0.5)) await this.#amend(now)
    if (this.#random.chance(0.3)) await this.#judge(now)
    if (this.#random.chance(0.05)) {
      const mode = this.#random.pick(['now_with_credit', 'now_without_credit', 'period_end'])
      await this.#ask('/api/contracts/cancel/flexible', { mode, reason: 'Moved away' }, REFUSED)
    }
  }

  /** There is no contract from a day on, or there is one again: some days late, so that revenue goes back and forth. */
  async #judge(now: number): Promise<void> {
    const approved = this.#random.chance(0.5)
    const effective_date = new Date(now - this.#random.int(0, 20) * DAY_MS).toISOString().slice(0, 10)
    const judgement = { kind: 'criteria', effective_date, approved, reason: 'As the parties say' }
    await this.#ask(`/api/revenue/contracts/${JUDGED}/facts`, judgement)
  }

  /** In the end there is a contract, whatever was said of any day. */
  async settle(now: number): Promise<void> {
    const effective_date = new Date(now).toISOString().slice(0, 10)
    const judgement = { kind: 'criteria', effective_date, approved: true, reason: 'Signed by all' }
    await this.#ask(`/api/revenue/contracts/${JUDGED}/facts`, judgement)
  }

  /** More seats or fewer, dearer or cheaper, in the middle of a cycle. */
  async #amend(now: number): Promise<void> {
    const ref = this.#random.pick(['flexible', 'flexible', 'bundle'])
    const effective = new Date(now + this.#random.int(-3, 12) * DAY_MS).toISOString().slice(0, 10)
    const seats = {
      product_ref: 'seats',
      model: { type: 'flat', amount: this.#random.pick(['11', '25', '25', '31']) },
      quantity: this.#random.pick(['1', '2', '3', '5', '9']),
    }
    const how = this.#random.chance(0.3) ? { bill: 'now' } : {}
    await this.#ask(
      `/api/contracts/edit/${ref}`,
      {
        effective_date: effective,
        apply: this.#random.pick(['by_direction', 'now']),
        products: ref === 'flexible' ? [seats, { ...PLATFORM, quantity: seats.quantity }] : [seats],
        ...how,
      },
      REFUSED,
    )
  }

  async #ask(path: string, body: object, refused: readonly number[] = []): Promise<void> {
    const { status, json } = await this.#send('POST', path, body)
    if (status > 201 && !refused.includes(status))
      throw new Error(`${path} was answered with ${status}: ${JSON.stringify(json)}`)
  }
}
