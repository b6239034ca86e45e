import { findEntities } from '../../customers/customers.store.ts'
import type { LocalDate } from '../../kernel/calendar.ts'
import type { Minor } from '../../kernel/money.ts'
import { contractOf } from '../../revenue/accounting/group.ts'
import { readGroups } from '../../revenue/groups.store.ts'
import { type Framework, frameworksOf } from '../../revenue/policy.ts'
import type { Db } from '../../storage/db.store.ts'
import { boundTo, type OpenInvoice, unpaidOf } from './advance.ts'
import { combinedContracts } from './combined.store.ts'
import { type AccountedAsOne, asOne, combine } from './combined.ts'
import { type FoundContract, foundContracts } from './found.ts'
import { type Judgement, judgementsOf } from './judgement.ts'
import { billedBeyond, netBilled, openInvoices, termsOn } from './open-invoices.store.ts'
import { bookedPositions, judgedGroups } from './positions.store.ts'

/** Of which legal entity, at the end of which day, and in the entries up to which number. */
type Asked = { entityRef: string; day: LocalDate; through: number }

/** What a close finds of the contracts of a legal entity at the end of a day. */
export async function readFound(db: Db, asked: Asked): Promise<FoundContract[]> {
  const { contracts, combined } = await readContracts(db, asked)
  return combine(contracts, combined)
}

/** The same, with contracts that are accounted for as one in one row. */
export async function readAsOne(db: Db, asked: Asked): Promise<AccountedAsOne[]> {
  const { contracts, combined } = await readContracts(db, asked)
  return asOne(contracts, combined)
}

async function readContracts(db: Db, { entityRef, day, through }: Asked) {
  const entity = (await findEntities(db, [entityRef])).get(entityRef)
  if (!entity) return { contracts: [], combined: new Map<string, string>() }
  const { primary, secondary } = frameworksOf(entity.framework)
  const [positions, invoices, combined, groups] = await Promise.all([
    bookedPositions(db, { entityRef, day, through }),
    openInvoices(db, entityRef, day),
    combinedContracts(db, entityRef),
    judgedGroups(db, entityRef).then((refs) => readGroups(db, refs)),
  ])
  const judgedBy = (framework: Framework): Map<string, Judgement> =>
    new Map(groups.flatMap((group) => [...judgementsOf(contractOf(group), framework, day)]))
  const judged = judgedBy(primary)
  const judgedOtherwise = secondary && judgedBy(secondary)
  const doubted = [judged, judgedOtherwise ?? []]
    .flatMap((all) => [...all])
    .filter(([, one]) => !one.isContract)
  const [billed, beyond] = await Promise.all([
    netBilled(db, [...new Set(doubted.map(([ref]) => ref))], day),
    readBeyond(db, invoices, day),
  ])
  const contracts = foundContracts({ positions, invoices, billed, beyond, judged, judgedOtherwise })
  return { contracts, combined }
}

/** Of each invoice of some contracts: what is unpaid for service that the customer can still leave, without tax. */
export async function advancesNotDue(
  db: Db,
  { entityRef, day }: Pick<Asked, 'entityRef' | 'day'>,
  contractRefs: readonly string[],
): Promise<{ id: string; currency: string; amount: Minor }[]> {
  const open = await openInvoices(db, entityRef, day)
  const own = open.filter(({ contractRef }) => contractRefs.includes(contractRef))
  const beyond = await readBeyond(db, own, day)
  return own.map((invoice) => ({
    id: invoice.id,
    currency: invoice.currency,
    amount: unpaidOf(beyond.get(invoice.id) ?? 0n, invoice),
  }))
}

/** Invoices of one reading: they travel as one parameter, which has its bounds. */
const PAGE = 2_000

/** By invoice, what it bills for days after the notice that its customer would have to give. */
async function readBeyond(db: Db, invoices: readonly OpenInvoice[], day: LocalDate) {
  const beyond = new Map<string, Minor>()
  for (let start = 0; start < invoices.length; start += PAGE) {
    const page = await readPageBeyond(db, invoices.slice(start, start + PAGE), day)
    for (const [id, amount] of page) beyond.set(id, amount)
  }
  return beyond
}

async function readPageBeyond(db: Db, invoices: readonly OpenInvoice[], day: LocalDate) {
  const terms = await termsOn(db, [...new Set(invoices.map(({ contractRef }) => contractRef))], day)
  const bound = invoices.flatMap(({ id, contractRef }) => {
    const own = terms.get(contractRef)
    const to = own ? boundTo(own, day) : null
    return to === null ? [] : [{ id, ...to }]
  })
  return billedBeyond(db, bound, day)
}
