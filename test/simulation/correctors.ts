import type { Facts } from './facts.ts'
import type { Random } from './random.ts'
import type { Answer } from './simulation.ts'
import { decimalText } from './world.ts'

type Send = (method: string, path: string, body: unknown) => Promise<Answer>

/** What the books may rightly refuse: another correction came first, or nothing is left. */
const REFUSED = [409, 422]

const SETTLED = '(SELECT COALESCE(SUM(amount), 0) FROM allocations WHERE invoice_id = invoices.id)'
const OPEN = `${SETTLED} < total`
const UNPAID = `${SETTLED} = 0`

/** The people who credit, void and write off invoices, pay money back, and change their minds about whose it was. */
export class Correctors {
  readonly #random: Random
  readonly #facts: Facts
  readonly #db: D1Database
  readonly #send: Send
  #serial = 0

  constructor(random: Random, facts: Facts, db: D1Database, send: Send) {
    this.#random = random
    this.#facts = facts
    this.#db = db
    this.#send = send
  }

  async correct(): Promise<void> {
    const deeds = [
      () => this.#creditInvoice(),
      () => this.#creditInvoice(),
      () => this.#creditLine(),
      () => this.#creditLine(),
      () => this.#invoice('void', {}, UNPAID),
      () => this.#invoice('write_off', { tax_relief: this.#random.chance(0.5) }, OPEN),
      () => this.#payment('refund', { external_id: `refund-${++this.#serial}` }),
      () => this.#payment('return', {}),
      () => this.#undo(),
      () => this.#apply(),
    ]
    for (const deed of deeds) if (this.#random.chance(0.25)) await deed()
  }

  async #creditInvoice(): Promise<void> {
    await this.#invoice('credit_notes', { external_id: `note-${++this.#serial}` })
  }

  async #invoice(action: string, body: object, such = 'TRUE'): Promise<void> {
    const { id } =
      (await this.#any<{ id: string }>(`SELECT id FROM invoices WHERE total > 0 AND ${such} ORDER BY id`)) ??
      {}
    if (id) await this.#ask(`/api/invoices/${id}/${action}`, body)
  }

  /** Half of a line, or what is left of it. */
  async #creditLine(): Promise<void> {
    const line = await this.#any<{ id: string; invoice_id: string; net_amount: number; currency: string }>(
      `SELECT invoice_lines.id AS id, invoice_id, net_amount, currency
       FROM invoice_lines JOIN invoices ON invoices.id = invoice_id WHERE net_amount > 1 ORDER BY 1`,
    )
    if (!line) return
    const { digits } = this.#facts.contracts.find(({ currency }) => currency === line.currency) ?? {
      digits: 2,
    }
    const half = { amount: decimalText(Math.floor(line.net_amount / 2), digits) }
    const credited = { line_ref: line.id, ...(this.#random.chance(0.7) ? half : {}) }
    const body = { external_id: `note-${++this.#serial}`, lines: [credited] }
    await this.#ask(`/api/invoices/${line.invoice_id}/credit_notes`, body)
  }

  async #payment(action: string, body: object): Promise<void> {
    const payment = await this.#any<{ id: string }>('SELECT id FROM payments ORDER BY id')
    if (payment) await this.#ask(`/api/payments/${payment.id}/${action}`, body)
  }

  async #undo(): Promise<void> {
    const settled = await this.#any<{ id: string }>(
      "SELECT id FROM allocations WHERE kind = 'payment' AND reverses IS NULL ORDER BY id",
    )
    if (settled) await this.#ask(`/api/allocations/${settled.id}/undo`, {})
  }

  async #apply(): Promise<void> {
    const pair = await this.#any<{ payment: string; invoice: string }>(
      `SELECT payments.id AS payment, invoices.id AS invoice
       FROM payments JOIN invoices USING (entity_ref, currency) ORDER BY 1, 2`,
    )
    if (pair) await this.#ask(`/api/payments/${pair.payment}/allocations`, { invoice_ref: pair.invoice })
  }

  async #any<Row>(query: string): Promise<Row | undefined> {
    const { results } = await this.#db.prepare(query).all<Row>()
    return results.length === 0 ? undefined : this.#random.pick(results)
  }

  async #ask(path: string, body: object): Promise<void> {
    const { status, json } = await this.#send('POST', path, { reason: 'Agreed with the customer', ...body })
    if (status > 201 && !REFUSED.includes(status))
      throw new Error(`${path} was answered with ${status}: ${JSON.stringify(json)}`)
  }
}
