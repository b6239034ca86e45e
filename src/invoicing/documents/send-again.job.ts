import { type Actor, audit } from '../../access/access.store.ts'
import { findCustomer } from '../../customers/customers.store.ts'
import { enqueue } from '../../delivery/outbox.store.ts'
import { derivedId } from '../../kernel/id.ts'
import { invalid } from '../../kernel/problem.ts'
import { commit, type Db } from '../../storage/db.store.ts'
import type { Invoice } from '../invoice.ts'
import { mailAddresses } from './issued-mail.job.ts'

/** Asks for the mail of an invoice once more, and tells whom it goes to. Throws `customer_has_no_email`. */
export async function sendAgain(db: Db, actor: Actor, invoice: Invoice): Promise<string[]> {
  const customer = await findCustomer(db, invoice.customerRef)
  const to = customer ? mailAddresses(customer) : []
  if (to.length === 0) {
    throw invalid('customer_has_no_email', `The customer "${invoice.customerRef}" has no e-mail address.`)
  }
  const id = derivedId('out', 'invoice_issued_mail', invoice.id, actor.requestId)
  const payload = { invoiceId: invoice.id }
  await commit(db, [
    ...enqueue(db, [{ id, topic: 'invoice_issued_mail', payload, dueAt: actor.now }], actor.now),
    ...audit(db, actor, { action: 'invoice.send', subject: invoice.id, after: { to } }),
  ])
  return to
}
