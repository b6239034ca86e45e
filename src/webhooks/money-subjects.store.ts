import { eq } from 'drizzle-orm'
import { allocations } from '../invoicing/allocations.schema.ts'
import { disputes } from '../payments/card/disputes.schema.ts'
import { payments } from '../payments/payments.schema.ts'
import { refunds } from '../payments/refunds.schema.ts'
import { inList } from '../storage/db.store.ts'
import { money, type Read } from './subject.store.ts'

export const readPayments: Read = async (db, ids) => {
  const rows = await db.select().from(payments).where(inList(payments.id, ids))
  return rows.map((payment) => ({
    id: payment.id,
    entityRef: payment.entityRef,
    data: {
      ...aboutPayment(payment),
      rail: payment.rail,
      external_id: payment.externalKey,
      ...money(payment.amount, payment.currency),
      received_on: payment.receivedOn,
    },
  }))
}

export const readAllocations: Read = async (db, ids) => {
  const rows = await db
    .select({ allocation: allocations, payment: payments })
    .from(allocations)
    .innerJoin(payments, eq(payments.id, allocations.paymentId))
    .where(inList(allocations.id, ids))
  return rows.map(({ allocation, payment }) => ({
    id: allocation.id,
    entityRef: payment.entityRef,
    data: {
      ...aboutPayment(payment),
      allocation_id: allocation.id,
      invoice_ref: allocation.invoiceId,
      ...money(allocation.amount, payment.currency),
      rule: allocation.rule,
    },
  }))
}

export const readRefunds: Read = async (db, ids) => {
  const rows = await db
    .select({ refund: refunds, payment: payments })
    .from(refunds)
    .innerJoin(payments, eq(payments.id, refunds.paymentId))
    .where(inList(refunds.id, ids))
  return rows.map(({ refund, payment }) => ({
    id: refund.id,
    entityRef: payment.entityRef,
    data: {
      ...aboutPayment(payment),
      refund_id: refund.id,
      state: refund.state,
      ...money(refund.amount, refund.currency),
      reason: refund.reason,
    },
  }))
}

export const readDisputes: Read = async (db, ids) => {
  const rows = await db
    .select({ dispute: disputes, payment: payments })
    .from(disputes)
    .innerJoin(payments, eq(payments.id, disputes.paymentId))
    .where(inList(disputes.id, ids))
  return rows.map(({ dispute, payment }) => ({
    id: dispute.id,
    entityRef: payment.entityRef,
    data: {
      ...aboutPayment(payment),
      dispute_id: dispute.id,
      state: dispute.state,
      ...money(dispute.amount, dispute.currency),
      reason: dispute.reason,
    },
  }))
}

const aboutPayment = ({ id, customerRef }: { id: string; customerRef: string | null }) => ({
  path: `/api/payments/${id}`,
  payment_id: id,
  customer_ref: customerRef,
})
