import type { Facts, UsageFact } from './facts.ts'
import type { Random } from './random.ts'
import type { Answer } from './simulation.ts'
import { decimalText } from './world.ts'

type Send = (method: string, path: string, body: unknown) => Promise<Answer>
/** `ref` is what the receipt calls it. */
type Sent = { fact: UsageFact; body: Record<string, unknown>; stepsToWait: number; ref: string }

type BatchReceipt = { accepted: number; duplicates: number; results: { event_ref: string }[] }

const QUARTER_MS = 15 * 60_000
const DAY_MS = 24 * 60 * 60_000

/** The machines that report usage: late, in any order, alone or in batches, and more than once. */
export class Producers {
  readonly #random: Random
  readonly #facts: Facts
  readonly #send: Send
  #unsent: Sent[] = []
  #reported: Sent[] = []
  #serial = 0

  constructor(random: Random, facts: Facts, send: Send) {
    this.#random = random
    this.#facts = facts
    this.#send = send
  }

  /** Usage happens between two instants; some of it is heard of much later. */
  use(from: number, to: number): void {
    for (const { customerRef, products } of this.#facts.contracts) {
      for (const product of products.filter(({ kind }) => kind === 'usage')) {
        for (let count = this.#random.int(0, 2); count > 0; count--) {
          this.#unsent.push(this.#usage(customerRef, product.ref, from, to))
        }
      }
    }
  }

  /** What is ready goes out; part of what went out before goes out again. */
  async report(): Promise<void> {
    const ready = this.#unsent.filter(({ stepsToWait }) => stepsToWait === 0)
    this.#unsent = this.#unsent.filter(({ stepsToWait }) => stepsToWait > 0)
    for (const event of this.#unsent) event.stepsToWait -= 1
    const again = this.#reported.filter(() => this.#random.chance(0.15))
    await this.#deliver(
      this.#random.shuffle([...ready, ...again, ...ready.filter(() => this.#random.chance(0.1))]),
    )
    for (const event of ready) {
      this.#facts.usage.push(event.fact)
      this.#reported.push(event)
    }
    if (this.#reported.length === 0) return
    if (this.#random.chance(0.3)) await this.#contradict()
    if (this.#random.chance(0.4)) await this.#amend()
    if (this.#random.chance(0.3)) await this.#void()
  }

  async reportAll(): Promise<void> {
    for (const event of this.#unsent) event.stepsToWait = 0
    await this.report()
  }

  async #deliver(events: readonly Sent[]): Promise<void> {
    const alone = events.slice(0, this.#random.int(0, 3))
    for (const event of alone) {
      const { status, json } = await this.#send('POST', '/api/usage/event', event.body)
      if (status !== 200) throw new Error(`an event was refused: ${JSON.stringify(json)}`)
      event.ref = (json as { event_ref: string }).event_ref
    }
    const together = events.slice(alone.length)
    if (together.length === 0) return
    const bodies = together.map(({ body }) => body)
    const { json } = await this.#send('POST', '/api/usage/events', bodies)
    const { accepted, duplicates, results } = json as BatchReceipt
    if (accepted + duplicates !== together.length)
      throw new Error(`events were refused: ${JSON.stringify(json)}`)
    for (const [place, { event_ref }] of results.entries()) together[place]!.ref = event_ref
  }

  /** What was reported turns out to be more, or of another time, at the end of last month perhaps. */
  async #amend(): Promise<void> {
    const { fact, ref } = this.#random.pick(this.#reported)
    if (fact.isVoided) return
    const moved = this.#random.chance(0.3) ? this.#random.int(0, 40) * DAY_MS : 0
    const change = {
      quantity: decimalText(this.#random.int(1_000, 40_000), 3),
      timestamp: new Date(fact.at - moved).toISOString(),
    }
    const { status, json } = await this.#send('POST', '/api/usage/event/update', {
      event_ref: ref,
      ...change,
    })
    if (status !== 200) throw new Error(`an amendment was refused: ${JSON.stringify(json)}`)
    Object.assign(fact, { quantity: change.quantity, at: fact.at - moved, isAmended: true })
  }

  /** What was reported turns out never to have happened. */
  async #void(): Promise<void> {
    const { fact, ref } = this.#random.pick(this.#reported)
    const { status, json } = await this.#send('DELETE', `/api/usage/event/${ref}`, undefined)
    if (status !== 200) throw new Error(`an event was not voided: ${JSON.stringify(json)}`)
    fact.isVoided = true
  }

  /** The same id with other content must change nothing. */
  async #contradict(): Promise<void> {
    const { body } = this.#random.pick(this.#reported)
    if (body.event_id === undefined) return
    const { status } = await this.#send('POST', '/api/usage/event', { ...body, quantity: '123456' })
    if (status !== 409) throw new Error(`other content under the same id was answered with ${status}`)
  }

  #usage(customerRef: string, productRef: string, from: number, to: number): Sent {
    const random = this.#random
    // On a quarter of an hour, or just before it, lie the midnights where cycles and months change.
    const at = random.int(from, to)
    const edge = Math.max(at - (at % QUARTER_MS), from) - (random.chance(0.5) ? 1 : 0)
    const fact = {
      customerRef,
      productRef,
      at: random.chance(0.4) ? edge : at,
      quantity: decimalText(random.int(1_000, 30_000), 3),
      user: random.pick(['ada', 'ben', 'cem', 'dua', 'eva', 'fay']),
      isAmended: false,
      isVoided: false,
    }
    this.#serial += 1
    const body = {
      timestamp: new Date(fact.at).toISOString(),
      customer_ref: customerRef,
      usage_product_ref: productRef,
      quantity: fact.quantity,
      // Without an id the content is the identity, so each event has something of its own.
      ...(random.chance(0.5)
        ? { event_id: `event-${this.#serial}`, additional_report_data: { user: fact.user } }
        : { additional_report_data: { user: fact.user, serial: this.#serial } }),
    }
    return { fact, body, stepsToWait: random.chance(0.2) ? random.int(1, 8) : 0, ref: '' }
  }
}
