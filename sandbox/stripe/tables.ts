import type Stripe from 'stripe'

/** Keeps the objects beyond the life of the process. */
export type Storage = {
  load(): Iterable<{ kind: string; id: string; json: string }>
  save(kind: string, id: string, json: string): void
  remove(kind: string, id: string): void
  clear(): void
}

/** Objects of one kind, in the order in which they were made. Values are copies: nobody changes one by accident. */
type Table<Row> = {
  get(id: string): Row | undefined
  put(row: Row): Row
  remove(id: string): void
  /** Newest first. */
  all(): Row[]
}

/** What is known of a PaymentMethod's card beyond what the API tells. */
type CardSecret = { id: string; number: string; authenticated: boolean }
/** What the PaymentIntent of a Checkout session will say, once the buyer pays. */
type SessionIntent = {
  id: string
  description: string | null
  metadata: Stripe.Metadata
  receiptEmail: string | null
  setupFutureUsage: Stripe.PaymentIntent.SetupFutureUsage | null
}
/** Which payout took a balance transaction, by the id of the transaction. */
type PaidOut = { id: string; payout: string }
/** An answer kept for its Idempotency-Key. */
type KeptAnswer = { id: string; request: string; requestId: string; status: number; body: string }
/** A webhook on its way. `dueAt` is real time in milliseconds; null while it is held back. */
export type Delivery = { id: string; eventId: string; attempts: number; dueAt: number | null }

export type Tables = {
  customers: Table<Stripe.Customer>
  paymentMethods: Table<Stripe.PaymentMethod>
  cards: Table<CardSecret>
  paymentIntents: Table<Stripe.PaymentIntent>
  charges: Table<Stripe.Charge>
  refunds: Table<Stripe.Refund>
  disputes: Table<Stripe.Dispute>
  balanceTransactions: Table<Stripe.BalanceTransaction>
  payouts: Table<Stripe.Payout>
  payoutOf: Table<PaidOut>
  sessions: Table<Stripe.Checkout.Session>
  sessionIntents: Table<SessionIntent>
  events: Table<Stripe.Event>
  answers: Table<KeptAnswer>
  deliveries: Table<Delivery>
  clear(): void
}

export function openTables(storage: Storage): Tables {
  const kinds = new Map<string, Map<string, string>>()
  for (const { kind, id, json } of storage.load()) rowsOf(kinds, kind).set(id, json)
  const open = <Row extends { id: string }>(kind: string) =>
    openTable<Row>(storage, kind, rowsOf(kinds, kind))
  return {
    customers: open('customer'),
    paymentMethods: open('payment_method'),
    cards: open('card'),
    paymentIntents: open('payment_intent'),
    charges: open('charge'),
    refunds: open('refund'),
    disputes: open('dispute'),
    balanceTransactions: open('balance_transaction'),
    payouts: open('payout'),
    payoutOf: open('payout_of'),
    sessions: open('checkout.session'),
    sessionIntents: open('session_intent'),
    events: open('event'),
    answers: open('answer'),
    deliveries: open('delivery'),
    clear() {
      for (const rows of kinds.values()) rows.clear()
      storage.clear()
    },
  }
}

/** For tests: everything ends with the process. */
export const inMemory = (): Storage => ({ load: () => [], save() {}, remove() {}, clear() {} })

function openTable<Row extends { id: string }>(
  storage: Storage,
  kind: string,
  rows: Map<string, string>,
): Table<Row> {
  const read = (json: string): Row => JSON.parse(json)
  return {
    get(id) {
      const json = rows.get(id)
      return json === undefined ? undefined : read(json)
    },
    put(row) {
      const json = JSON.stringify(row)
      rows.set(row.id, json)
      storage.save(kind, row.id, json)
      return read(json)
    },
    remove(id) {
      rows.delete(id)
      storage.remove(kind, id)
    },
    all: () => [...rows.values()].reverse().map(read),
  }
}

function rowsOf(kinds: Map<string, Map<string, string>>, kind: string): Map<string, string> {
  const rows = kinds.get(kind) ?? new Map<string, string>()
  kinds.set(kind, rows)
  return rows
}
