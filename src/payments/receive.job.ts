import { findEntity, type LegalEntity } from '../customers/customers.store.ts'
import type { Allocation } from '../invoicing/settlement.ts'
import { isCurrency } from '../kernel/currency.ts'
import { type Minor, parseMoney, sum } from '../kernel/money.ts'
import { conflict, invalid } from '../kernel/problem.ts'
import type { ClosedPeriods } from '../ledger/accounting-period.ts'
import { closedPeriods, isPeriodClosed } from '../ledger/periods.store.ts'
import { commit, type Db, isRefusedBy, isUniqueViolation, type Statement } from '../storage/db.store.ts'
import { candidateInvoices, customerOfPayer } from './candidates.store.ts'
import type { MatchRule, Tolerance } from './match.ts'
import { matchPayment } from './matching.ts'
import { type Decision, type Payment, paymentIdOf } from './payment.ts'
import { findPayment, writeReceipt } from './payments.store.ts'
import { planReceipt, type ReceiptPlan } from './receipt-plan.ts'

/** Money as a rail reports it. `invoiceId` is strong evidence: the rail itself knows the invoice. */
export type ReceivedPayment = Omit<Payment, 'id' | 'recordedAt'> & { invoiceId?: string | undefined }

/** What became of a payment, in minor units: amount = allocations + credit + refunded + unapplied. */
export type ReceiveOutcome = {
  payment: Payment
  outcome: 'recorded' | 'duplicate'
  rule: MatchRule
  explanation: string
  allocations: { invoiceId: string; amount: Minor; rule: string }[]
  credit: Minor
  refunded: Minor
  unapplied: Minor
}

/** Who decides, and what else belongs into the batch that records the payment. */
export type ReceiveOptions = {
  actor?: string
  alongside?: (payment: Payment, closed: ClosedPeriods) => Statement[]
}

/** Times that a decision is taken anew because another payment took the open amount first. */
const ATTEMPTS_MAX = 5

/**
 * Records money that arrived and applies it to the invoices it is for, in one batch with its journal entries. The same
 * external key again answers what was decided the first time, and writes nothing.
 *
 * @throws Problem 422 for an amount that is not positive or a currency that is unknown; 409 when the external key was
 * used for other money, or when other payments took the open amount of the invoice first, five times in a row.
 */
export async function receivePayment(
  db: Db,
  received: ReceivedPayment,
  now: number,
  options: ReceiveOptions = {},
): Promise<ReceiveOutcome> {
  refuseNonsense(received)
  const { invoiceId, ...facts } = received
  const payment: Payment = { ...facts, id: paymentIdOf(facts.rail, facts.externalKey), recordedAt: now }
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
    const first = await findPayment(db, payment.id)
    if (first) return firstAnswer(first, payment)
    const plan = await decide(db, payment, invoiceId, { actor: options.actor ?? 'matcher', now })
    const closed = await closedPeriods(db, [payment.entityRef])
    try {
      await commit(db, [
        ...writeReceipt(db, plan, closed, now),
        ...(options.alongside?.(plan.payment, closed) ?? []),
      ])
      return outcomeOf('recorded', { ...plan, credit: plan.credit?.amount ?? 0n, refunded: 0n })
    } catch (error) {
      if (!isOvertaken(error)) throw error
    }
  }
  throw conflict('invoice_contended', 'Other payments keep settling the same invoice; send this one again.')
}

/** The same money was recorded meanwhile, other money took the invoice, or a period was closed: all is read anew. */
const isOvertaken = (error: unknown): boolean =>
  isUniqueViolation(error) || isRefusedBy(error, 'allocated beyond the invoice') || isPeriodClosed(error)

async function decide(
  db: Db,
  payment: Payment,
  invoiceId: string | undefined,
  decided: { actor: string; now: number },
): Promise<ReceiptPlan> {
  const payerCustomerRef = invoiceId ? undefined : await payingCustomer(db, payment)
  const { entityRef, reference, amount, currency, receivedOn } = payment
  const candidates = await candidateInvoices(db, { entityRef, reference, invoiceId, payerCustomerRef })
  const entity = await findEntity(db, entityRef)
  const tolerance = payment.rail === 'wire' && entity ? toleranceOf(entity, currency) : undefined
  const evidence = { amount, currency, receivedOn, reference, invoiceId, payerCustomerRef, tolerance }
  const match = matchPayment(evidence, candidates)
  return planReceipt(payment, match, candidates, { ...decided, timezone: entity?.timezone ?? 'UTC' })
}

/** The tolerance is agreed in the currency of the books; a payment in another has none. */
function toleranceOf(
  { shortPayment, currency: booked }: LegalEntity,
  currency: string,
): Tolerance | undefined {
  if (!shortPayment || currency !== booked) return undefined
  return { amount: parseMoney(shortPayment.amount, currency) ?? 0n, percent: shortPayment.percent }
}

async function payingCustomer(db: Db, { rail, entityRef, payer }: Payment): Promise<string | undefined> {
  return payer.account ? customerOfPayer(db, { rail, entityRef, account: payer.account }) : undefined
}

function firstAnswer(first: Recorded, again: Payment): ReceiveOutcome {
  const { payment } = first
  const same =
    payment.amount === again.amount &&
    payment.currency === again.currency &&
    payment.entityRef === again.entityRef
  if (!same) {
    throw conflict(
      'payment_key_reused',
      `The external id "${again.externalKey}" already stands for other money: another amount, currency or legal entity.`,
    )
  }
  return outcomeOf('duplicate', first)
}

type Recorded = {
  payment: Payment
  match: Decision
  allocations: Allocation[]
  credit: Minor
  refunded: Minor
}

/** The answer that a recorded payment gets, now or later. */
export function outcomeOf(outcome: ReceiveOutcome['outcome'], recorded: Recorded): ReceiveOutcome {
  const { payment, match, credit, refunded } = recorded
  const allocations = recorded.allocations.filter(({ kind }) => kind === 'payment')
  const applied = sum(allocations.map(({ amount }) => amount))
  return {
    payment,
    outcome,
    rule: match.rule,
    explanation: match.explanation,
    allocations: allocations.map(({ invoiceId, amount, rule }) => ({ invoiceId, amount, rule })),
    credit,
    refunded,
    unapplied: payment.amount - applied - credit - refunded,
  }
}

function refuseNonsense({ amount, currency }: ReceivedPayment): void {
  if (!isCurrency(currency)) throw invalid('unknown_currency', `"${currency}" is no ISO 4217 currency.`)
  if (amount <= 0n || amount > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw invalid(
      'payment_amount_out_of_range',
      'The amount of a payment must be positive and below 2^53 minor units.',
    )
  }
}
