import type { z } from '@hono/zod-openapi'
import { audit } from '../access/access.store.ts'
import { faultsOfParties, partiesOf } from '../contracts/decide-contract.job.ts'
import type { Partly } from '../kernel/partly.ts'
import type { Fault } from '../kernel/problem.ts'
import { differences } from './differences.ts'
import { reported } from './import-report.ts'
import { faultsOfOpenInvoice } from './opening-faults.ts'
import { openInvoiceBody } from './opening-invoice.http.ts'
import { openingFacts, openingStatements } from './opening-invoice.store.ts'
import {
  factsOf,
  type OpeningFacts,
  type OpeningInvoice,
  type OpeningParties,
  openingInvoice,
} from './opening-invoice.ts'
import { refOf } from './record-stage.job.ts'
import { lookUp } from './records.job.ts'
import { readRow } from './row.http.ts'
import type { ImportContext, Stage } from './stage.job.ts'
import { type Decided, firstRowOf, refused, unwritten } from './stage.ts'

export type OpeningPlan = { facts: OpeningFacts; invoice: OpeningInvoice; timezone: string }

type Body = z.infer<typeof openInvoiceBody>

const KIND = 'open_invoices'

const ANY_INVOICE = {
  number: '0',
  customer_ref: '-',
  issue_date: '2000-01-01',
  due_date: '2000-01-01',
  currency: 'USD',
  amount: '1',
}
const PARTS = { open: [], standIns: { '': ANY_INVOICE, ...ANY_INVOICE } }

/** Invoices that were issued elsewhere and are open: known by entity and number, and never changed once taken over. */
export function openingStage(): Stage<OpeningPlan> {
  const repeated = firstRowOf()
  return {
    decide: async (context, rows) => {
      const read = rows.map((row) => ({
        row,
        ref: refOf(row, 'number'),
        ...readRow(openInvoiceBody, PARTS, row),
      }))
      const partiesIn = await readParties(
        context,
        read.map((one) => one.value),
      )
      const planned = read.map((one): Decided<OpeningPlan> => {
        const plan = planOf(one, partiesIn(one), context.actor.now)
        return 'invoice' in plan
          ? { report: reported(KIND, one.row, one.ref, 'created'), plan }
          : refused(KIND, one.row, one.ref, plan)
      })
      const ids = planned.flatMap(({ plan }) => plan?.invoice.id ?? [])
      const there = await openingFacts(context.db, ids)
      return planned.map((one) =>
        one.plan ? held(one, one.plan, there.get(one.plan.invoice.id), repeated) : one,
      )
    },
    statements: ({ db, actor }, plans) => [
      ...openingStatements(db, plans),
      ...audit(
        db,
        actor,
        ...plans.map(({ facts, invoice: { id } }) => ({
          action: 'invoice.import',
          subject: id,
          after: facts,
        })),
      ),
    ],
  }
}

type Parties = { seller: OpeningParties['seller'] | undefined; buyer: OpeningParties['buyer'] | undefined }

async function readParties(
  context: ImportContext,
  bodies: readonly Body[],
): Promise<(sent: Partly<Body>) => Parties> {
  const customers = await lookUp.customers(context, unique(bodies.map((body) => body.customer_ref)))
  const refs = [
    ...bodies.map((body) => body.entity_ref),
    ...[...customers.values()].map(({ entityRef }) => entityRef),
  ]
  const entities = await lookUp.entities(context, unique(refs.flatMap((ref) => ref ?? [])))
  return (sent) => {
    const { customerRef, entityRefOf } = partiesOf(sent)
    const buyer = customers.get(customerRef ?? '')
    return { buyer, seller: entities.get(entityRefOf(buyer) ?? '') }
  }
}

function planOf(sent: Partly<Body>, { seller, buyer }: Parties, now: number): OpeningPlan | Fault[] {
  const { value: body, isRead } = sent
  const faults = [
    ...sent.faults,
    ...faultsOfParties(body, { customer: buyer, entity: seller }, isRead),
    ...faultsOfOpenInvoice(body, seller, now, isRead),
  ]
  if (faults.length > 0 || !seller || !buyer) return faults
  return {
    facts: factsOf(body, seller.ref),
    invoice: openingInvoice(body, { seller, buyer }, now),
    timezone: seller.timezone,
  }
}

/** An invoice is a fact, so one that is there with other content stays as it is, whatever may be updated. */
function held(
  { report }: Decided<OpeningPlan>,
  plan: OpeningPlan,
  there: OpeningFacts | undefined,
  repeated: (ref: string, row: number) => Fault[],
): Decided<OpeningPlan> {
  const refuse = (faults: Fault[]) => refused(KIND, report, report.ref, faults)
  const again = repeated(plan.invoice.id, report.row)
  if (again.length > 0) return refuse(again)
  if (!there) return { report, plan }
  const faults = differences(there, plan.facts)
  return faults.length > 0 ? refuse(faults) : unwritten({ ...report, outcome: 'unchanged' })
}

const unique = (refs: readonly string[]): string[] => [...new Set(refs)]
