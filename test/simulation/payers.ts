import type { Facts, MoneyFact } from './facts.ts'
import type { Random } from './random.ts'
import type { Answer } from './simulation.ts'
import { decimalText } from './world.ts'

type Send = (method: string, path: string, body: unknown, contentType?: string) => Promise<Answer>

type Owed = {
  id: string
  payment_reference: string
  entity_ref: string
  currency: string
  total: number
  allocated: number
}

/** A line of a bank statement. */
type Transfer = { fact: MoneyFact; text: string }

/** The customers who pay in parts, too much and twice, and the people and banks that report their money. */
export class Payers {
  readonly #random: Random
  readonly #facts: Facts
  readonly #db: D1Database
  readonly #send: Send
  readonly #banked: Transfer[] = []
  #serial = 0

  constructor(random: Random, facts: Facts, db: D1Database, send: Send) {
    this.#random = random
    this.#facts = facts
    this.#db = db
    this.#send = send
  }

  async pay(now: number): Promise<void> {
    const day = new Date(now).toISOString().slice(0, 10)
    const chosen = (await this.#owed()).filter(({ total, allocated }) =>
      this.#random.chance(allocated < total ? 0.4 : 0.03),
    )
    const byHand = chosen.filter(() => this.#random.chance(0.3))
    await this.#reportByHand(byHand, day)
    const wired = chosen.filter((invoice) => !byHand.includes(invoice))
    for (const { ref } of this.#facts.entities) {
      const transfers = wired
        .filter(({ entity_ref }) => entity_ref === ref)
        .flatMap((invoice) => this.#transfers(invoice, day))
      if (transfers.length > 0) await this.#bank(ref, transfers)
    }
  }

  async #owed(): Promise<Owed[]> {
    const { results } = await this.#db
      .prepare(
        `SELECT id, payment_reference, entity_ref, currency, total,
           (SELECT COALESCE(SUM(amount), 0) FROM allocations WHERE invoice_id = invoices.id) AS allocated
         FROM invoices WHERE total > 0 ORDER BY id`,
      )
      .all<Owed>()
    return results
  }

  /** Everything is reported twice, and reports of the same invoice run side by side. */
  async #reportByHand(invoices: readonly Owed[], day: string): Promise<void> {
    const reports = invoices.flatMap((invoice) =>
      Array.from({ length: this.#random.int(1, 2) }, () => {
        const { fact, amount } = this.#money(invoice, 'by hand')
        const { currency, reference } = fact
        const body = { invoice_ref: invoice.id, amount, currency, received_on: day, reference }
        return { fact, body: { ...body, external_id: reference } }
      }),
    )
    const twice = this.#random.shuffle([...reports, ...reports])
    const answers = await Promise.all(
      twice.map(({ body }) => this.#send('POST', '/api/invoices/reconcile', body)),
    )
    for (const { status, json } of answers) {
      if (status > 201) throw new Error(`a payment was refused: ${JSON.stringify(json)}`)
    }
    this.#facts.money.push(...reports.map(({ fact }) => fact))
  }

  /** Transfers that name their invoice, or nothing that anybody knows; where the bank gives no id, some are equal. */
  #transfers(invoice: Owed, day: string): Transfer[] {
    const named = this.#random.chance(0.85) ? invoice.payment_reference : 'thank you'
    const { fact, amount } = this.#money(invoice, named)
    const id = this.#random.chance(0.6) ? `bank-${this.#serial}` : ''
    const text = [day, amount, fact.currency, fact.reference, 'Payer', id].join(',')
    const equal = id === '' && this.#random.chance(0.3) ? 2 : 1
    return Array.from({ length: equal }, () => ({ fact, text }))
  }

  /** The statement comes twice, in another order, and again later together with what is new. */
  async #bank(entityRef: string, transfers: readonly Transfer[]): Promise<void> {
    const known = this.#banked.filter(({ fact }) => fact.entityRef === entityRef)
    const before = this.#random.chance(0.4) ? known.slice(-20) : []
    await Promise.all([this.#import(entityRef, transfers), this.#import(entityRef, transfers)])
    await this.#import(entityRef, this.#random.shuffle([...before, ...transfers]))
    this.#banked.push(...transfers)
    this.#facts.money.push(...transfers.map(({ fact }) => fact))
  }

  async #import(entityRef: string, transfers: readonly Transfer[]): Promise<void> {
    const file = ['date,amount,currency,reference,payer,id', ...transfers.map(({ text }) => text)].join('\n')
    const path = `/api/bank-statements?entity_ref=${entityRef}`
    const { status, json } = await this.#send('POST', path, file, 'text/csv')
    if (status !== 200) throw new Error(`a statement was refused: ${JSON.stringify(json)}`)
  }

  #money({ total, currency, entity_ref: entityRef }: Owed, words: string) {
    const scaled = Math.max(1, Math.round(total * this.#random.pick([1, 1, 1, 0.4, 0.7, 1.3])))
    const { digits } = this.#facts.contracts.find((contract) => contract.currency === currency)!
    this.#serial += 1
    const fact = { reference: `${words} ${this.#serial}`, entityRef, currency, amount: BigInt(scaled) }
    return { fact, amount: decimalText(scaled, digits) }
  }
}
