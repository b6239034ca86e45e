import { balanceOf } from '../../credits/movement.ts'
import type { EffectContext } from '../../delivery/outbox.job.ts'
import { enqueue } from '../../delivery/outbox.store.ts'
import { allocationsOfInvoice, findInvoice } from '../../invoicing/invoicing.store.ts'
import { standingAllocations } from '../../invoicing/settlement.ts'
import { type Minor, sum } from '../../kernel/money.ts'
import { assert } from '../../kernel/problem.ts'
import { closedPeriods } from '../../ledger/periods.store.ts'
import { commit } from '../../storage/db.store.ts'
import { paymentIdOf } from '../payment.ts'
import { type FoundPayment, findPayment } from '../payments.store.ts'
import { planRefund, refundId } from '../plan-refund.ts'
import { readRefundInput, refundMail } from '../refund.job.ts'
import type { Refund } from '../refund.ts'
import { findRefund, writeRefund, writeUndo } from '../refunds.store.ts'
import { tryAgain } from '../undo.job.ts'
import { planUndo, type UndoPlan } from '../undo.ts'
import { settleIntent } from './settle.job.ts'
import type { StripeRefund } from './stripe.client.ts'
import { fromStripeAmount } from './stripe-amount.ts'

const STRIPE = { id: 'stripe', label: 'stripe', scopes: [] }
const REASON = 'Refunded in the Stripe dashboard'

/**
 * A refund that somebody made at Stripe without us: the money has left, so it is recorded, once for Stripe's id. It
 * takes what is unapplied and the customer's credit first; for the rest the invoices that the payment settled are open
 * again, the newest first. Undefined for one whose payment is none of ours, or that has not been carried out.
 *
 * @throws Problem 422 `refund_beyond_payment` where invoices have used credit that came from the payment.
 */
export async function recordRefund(context: EffectContext, made: StripeRefund): Promise<Refund | undefined> {
  const { db, now } = context
  const intent = typeof made.payment_intent === 'string' ? made.payment_intent : made.payment_intent?.id
  if (!intent) return undefined
  const paymentId = paymentIdOf('card', intent)
  const id = refundId(paymentId, made.id)
  return tryAgain(async () => {
    const known = await findRefund(db, id)
    if (known || (made.status !== 'succeeded' && made.status !== 'pending')) return known
    await settleIntent(context, intent)
    if (!(await findPayment(db, paymentId))) return undefined
    const { found, today, ...input } = await readRefundInput(db, { principal: STRIPE, now }, paymentId)
    const amount = fromStripeAmount(made.amount, made.currency)
    const free = input.unapplied + sum(input.grants.map(balanceOf))
    const undone = await freed(context, found, amount - free, { key: made.id, today })
    const unapplied =
      input.unapplied + sum(undone.flatMap((plan) => plan.allocations.map((row) => -row.amount)))
    const facts = { key: made.id, processorRef: made.id, reason: REASON, paidOn: today }
    const plan = planRefund({ ...input, ...facts, unapplied, amount, kind: 'refund' })
    const closed = await closedPeriods(db, [input.payment.entityRef])
    await commit(db, [
      ...undone.flatMap((one) => writeUndo(db, one, closed)),
      ...writeRefund(db, plan, closed),
      ...enqueue(db, [refundMail(plan.refund.id, now)], now),
    ])
    return plan.refund
  })
}

/** Takes as much back from the invoices as the refund needs, and no more. */
async function freed(
  { db, now }: EffectContext,
  { payment, allocations }: FoundPayment,
  needed: Minor,
  { key, today }: { key: string; today: string },
): Promise<UndoPlan[]> {
  const plans: UndoPlan[] = []
  let left = needed
  for (const { id, invoiceId } of allocations.toReversed()) {
    if (left <= 0n) break
    const invoice = (await findInvoice(db, invoiceId))?.invoice
    assert(invoice, `the allocation ${id} names an invoice that is not here`)
    const rows = standingAllocations(await allocationsOfInvoice(db, invoiceId))
    const standing = rows
      .filter((row) => row.id === id)
      .map((row) => ({ ...row, left: row.left < left ? row.left : left }))
    left -= sum(standing.map((row) => row.left))
    plans.push(planUndo({ payment, standing, invoice, reason: REASON, key, today, actor: STRIPE.label, now }))
  }
  return plans
}
