import { cyclesOf, dateIn, daysBetween, daysOf, monthsOf, priceOf, roundedQuotient } from './arithmetic.ts'
import { quantityOf, usageIn } from './audit-billing.ts'
import { on } from './audit-books.ts'
import { JUDGED } from './bargains.ts'
import {
  type Books,
  differs,
  type GrantRow,
  type LineRow,
  type PartRow,
  type PortionRow,
  sumOf,
  withoutSales,
} from './books.ts'
import type { ContractFact, Facts, ProductFact } from './facts.ts'

/** What was billed is revenue or still in the contract's position, and becomes revenue when it is served. */
export function auditRevenue(all: Books, facts: Facts, look: { now: number; complete: boolean }): string[] {
  const books = withoutSales(all)
  const portions = Map.groupBy(books.portions, ({ line_id }) => line_id)
  const lines = new Map(books.lines.map((line) => [line.id, line]))
  const billed = [...books.lines, ...books.parts, ...books.reversals]
  const byPlan = plannedContracts(books)
  const covered = new Set(billed.filter((row) => byPlan.has(row.contract_ref)).map(({ id }) => id))
  const held = new Set(billed.filter((row) => row.contract_ref === JUDGED).map(({ id }) => id))
  return [
    ...differs(
      'lines with a schedule, or waiting for one',
      [
        ...new Set(
          [...books.schedules.filter(({ invoice_id }) => invoice_id !== null), ...books.unscheduled].map(
            ({ line_id }) => line_id,
          ),
        ),
      ]
        .filter((id) => !covered.has(id))
        .sort()
        .join(),
      billed
        .map(({ id }) => id)
        .filter((id) => !covered.has(id))
        .sort()
        .join(),
    ),
    ...books.schedules.flatMap(({ line_id }) => {
      const line = lines.get(line_id)
      return line && !held.has(line_id) ? auditSchedule(line, portions.get(line_id) ?? []) : []
    }),
    ...(look.complete ? auditHeld(books, portions) : []),
    ...books.reversals
      .filter(({ id }) => !covered.has(id) && !held.has(id))
      .flatMap((reversal) => auditReversal(books, reversal, portions.get(reversal.id) ?? [])),
    ...books.parts
      .filter(({ id }) => !covered.has(id) && !held.has(id))
      .flatMap((part) => auditPart(books, part, portions.get(part.id) ?? [])),
    ...books.grants.flatMap((grant) => auditUse(books, grant)),
    ...positions(books).flatMap((ref) => auditPosition(books, ref)),
    ...facts.contracts.flatMap((contract) => auditContract(books, contract, look)),
    ...(look.complete ? facts.contracts.flatMap((contract) => auditMonthsOfUse(books, facts, contract)) : []),
    ...books.schedules.flatMap((schedule) =>
      auditAccrual(books, schedule, portions.get(schedule.line_id) ?? []),
    ),
    ...auditPostings(books),
  ]
}

/** What waits while there is no contract is all there when there is one; on which days is not worked out again. */
function auditHeld(
  { lines, parts, reversals }: Books,
  portions: ReadonlyMap<string, readonly PortionRow[]>,
): string[] {
  const isHeld = ({ contract_ref }: { contract_ref: string }) => contract_ref === JUDGED
  const [billed, credited, back] = [lines.filter(isHeld), parts.filter(isHeld), reversals.filter(isHeld)]
  const recognised = [...billed, ...credited, ...back].flatMap(({ id }) => portions.get(id) ?? [])
  const net = sumOf([...billed.map(({ net_amount: amount }) => ({ amount })), ...credited])
  return differs('revenue of what was held back', sumOf(recognised), net - sumOf(back))
}

/** Nothing stays accrued when its boundary is closed and the lines of its invoice have their schedules. */
function auditAccrual(
  { contracts, unscheduled }: Books,
  { line_id, accrual, boundary, contract_ref, amount }: Books['schedules'][number],
  portions: readonly PortionRow[],
): string[] {
  if (accrual === null || boundary === null) return []
  const next = contracts.find(({ ref }) => ref === contract_ref)?.next_cycle ?? 0
  const standing = [...Map.groupBy(portions, ({ posting_date }) => posting_date)].filter(
    ([, own]) => sumOf(own) !== 0n,
  )
  return [
    ...differs(`${line_id} accrued`, sumOf(portions), amount),
    ...(accrual === 'open' ? differs(`${line_id} has an invoice to come`, boundary >= next, true) : []),
    ...(accrual === 'settled' ? differs(`${line_id} has an invoice to come`, boundary >= next, false) : []),
    ...(accrual === 'settled' || (accrual === 'billed' && unscheduled.length === 0)
      ? differs(`${line_id} is taken back day by day`, standing.join(), '')
      : []),
  ]
}

/** Contracts whose fees are revenue by a plan of the whole: their lines have no schedules of their own. */
export const plannedContracts = ({ schedules }: Books): Set<string> =>
  new Set(
    schedules
      .filter(({ invoice_id, accrual }) => invoice_id === null && accrual === null)
      .map(({ contract_ref }) => contract_ref),
  )

function auditSchedule(line: LineRow, portions: readonly PortionRow[]): string[] {
  const what = `${line.contract_ref} ${line.product_ref} ${line.id}`
  const planned = portions.map(({ posting_date, amount }) => `${posting_date} ${amount}`).sort()
  const misplaced = portions.filter(({ month, posting_date }) => month !== posting_date.slice(0, 7))
  return [
    ...differs(`${what} portions add up`, sumOf(portions), line.net_amount),
    ...differs(`${what} portions outside of their month`, misplaced.length, 0),
    ...(line.kind === 'recurring' ? differs(`${what} day by day`, planned, straightLine(line)) : []),
    ...(line.kind === 'one_time'
      ? differs(`${what} at once`, planned, [`${line.service_start} ${line.net_amount}`])
      : []),
  ]
}

/** Up to the end of each day: the amount × days so far ÷ all days, rounded. */
function straightLine({ net_amount: amount, service_start: start, service_end: end }: LineRow): string[] {
  const days = BigInt(daysBetween(start, end))
  return increments(daysOf({ start, end }), (upTo) =>
    roundedQuotient(BigInt(amount) * BigInt(daysBetween(start, upTo)), days),
  )
}

/** What each day or month adds to an amount that is known up to any day; those that add nothing are left out. */
function increments(
  spans: readonly { name: string; end: string }[],
  earnedUpTo: (day: string) => bigint,
): string[] {
  let earned = 0n
  return spans.flatMap(({ name, end }) => {
    const before = earned
    earned = earnedUpTo(end)
    return earned === before ? [] : `${name} ${earned - before}`
  })
}

/** Posted is what is over where the seller keeps its books; when all has run, nothing that is over is left. */
function auditContract(
  books: Books,
  contract: ContractFact,
  { now, complete }: { now: number; complete: boolean },
): string[] {
  const lines = books.lines.filter(({ contract_ref }) => contract_ref === contract.ref)
  const own = new Set(lines.map(({ id }) => id))
  const { timezone } = contract.entity
  const portions = books.portions.filter(({ line_id }) => own.has(line_id))
  const early = portions.filter(
    ({ posted_at, posting_date }) => posted_at !== null && posting_date >= dateIn(timezone, posted_at),
  )
  const due = portions.filter(
    ({ posted_at, posting_date }) => posted_at === null && posting_date < dateIn(timezone, now),
  )
  return [
    ...differs(`${contract.ref} portions posted before their day was over`, early.length, 0),
    ...(complete ? differs(`${contract.ref} portions whose day is over, not posted`, due.length, 0) : []),
  ]
}

/** What is taken back of a line adds up to what it was, and no day before it was changes. */
function auditReversal(
  { unscheduled }: Books,
  { id, amount, booked_from }: Books['reversals'][number],
  portions: readonly PortionRow[],
): string[] {
  if (unscheduled.some(({ line_id }) => line_id === id)) return []
  const early = portions.filter(({ posting_date }) => posting_date < booked_from)
  return [
    ...differs(`${id} portions add up`, sumOf(portions), -amount),
    ...differs(`${id} portions before it was taken back`, early.length, 0),
  ]
}

/** What credit makes of the price of a line adds up over its days, none of them before it was given back. */
function auditPart(
  { unscheduled }: Books,
  { id, amount, booked_from }: PartRow,
  portions: readonly PortionRow[],
): string[] {
  if (unscheduled.some(({ line_id }) => line_id === id)) return []
  const early = portions.filter(({ posting_date }) => posting_date < (booked_from ?? ''))
  return [
    ...differs(`${id} portions add up`, sumOf(portions), amount),
    ...differs(`${id} portions before it was given back`, early.length, 0),
  ]
}

/** Lines have all that is used of credit below its face, for its cost: a unit may be rounded with each use. */
function auditUse({ parts }: Books, { ref, amount, cost_basis, burnt }: GrantRow): string[] {
  const own = parts.filter(({ grant_ref }) => grant_ref === ref)
  if (cost_basis >= amount) return differs(`${ref} changes no price`, own.length, 0)
  const cost = roundedQuotient(BigInt(cost_basis) * BigInt(burnt), BigInt(amount))
  const off = sumOf(own) + BigInt(burnt) - cost
  return [
    ...differs(`${ref} pays for lines`, sumOf(own.map(({ paid }) => ({ amount: paid }))), burnt),
    ...differs(
      `${ref} costs what it has cost`,
      off >= -BigInt(own.length) && off <= BigInt(own.length),
      true,
    ),
  ]
}

const positions = ({ lines }: Books): string[] => [...new Set(lines.map(({ contract_ref }) => contract_ref))]

/** What was recognised and what stands in the position are what was billed, net of tax and of what was taken back. */
function auditPosition(books: Books, ref: string): string[] {
  const isOwn = ({ contract_ref }: { contract_ref: string | null }) => contract_ref === ref
  const entries = books.entries.filter(isOwn)
  const own = new Set(books.schedules.filter(isOwn).map(({ line_id }) => line_id))
  const recognised = sumOf(
    books.portions.filter(({ line_id, posted_at }) => own.has(line_id) && posted_at !== null),
  )
  const billed =
    sumOf(books.lines.filter(isOwn).map(({ net_amount: amount }) => ({ amount }))) +
    sumOf(books.parts.filter(isOwn)) -
    sumOf(books.reversals.filter(isOwn))
  return [
    ...differs(`${ref} revenue`, -on('revenue', entries), recognised),
    ...differs(`${ref} position`, -on('contract_position', entries), billed - recognised),
  ]
}

/** Each posted portion has its own entry under its own date, and each entry its portion. */
function auditPostings({ entries, portions }: Books): string[] {
  const posted = portions.filter(({ posted_at }) => posted_at !== null)
  const revenue = entries.filter(
    ({ event, account }) => event === 'revenue_recognised' && account === 'revenue',
  )
  return differs(
    'revenue entries',
    revenue
      .map(({ source_id, posting_date, amount }) => `${source_id} ${posting_date} ${-amount}`)
      .sort()
      .join('\n'),
    posted
      .map(({ id, posting_date, amount }) => `${id} ${posting_date} ${amount}`)
      .sort()
      .join('\n'),
  )
}

/** Usage is revenue of the month it happened in: each month has the price up to its end, less the price up to its start. */
function auditMonthsOfUse(books: Books, facts: Facts, contract: ContractFact): string[] {
  const closed = books.closes.filter(({ contract_ref }) => contract_ref === contract.ref).length
  const usage = contract.products.filter((product) => product.kind === 'usage')
  return usage.flatMap((product) =>
    cyclesOf(contract, closed)
      .slice(0, -1)
      .flatMap((cycle, place) => {
        const lines = books.lines.filter(
          (line) =>
            line.contract_ref === contract.ref &&
            line.product_ref === product.ref &&
            line.service_cycle_no === place + 1,
        )
        const own = new Set(lines.map(({ id }) => id))
        const byMonth = Map.groupBy(
          books.portions.filter(({ line_id }) => own.has(line_id)),
          ({ month }) => month,
        )
        const booked = [...byMonth].map(([month, rows]) => `${month} ${sumOf(rows)}`).sort()
        return differs(
          `${contract.ref} ${product.ref} cycle ${place + 1} months of use`,
          booked.filter((text) => !text.endsWith(' 0')),
          earnedByMonth(facts, contract, product, cycle),
        )
      }),
  )
}

const earnedByMonth = (
  facts: Facts,
  contract: ContractFact,
  product: Extract<ProductFact, { kind: 'usage' }>,
  { start, end }: { start: string; end: string },
): string[] =>
  increments(monthsOf({ start, end }), (upTo) => {
    const events = usageIn(contract, product, { start, end: upTo }, facts.usage)
    const { tiers } = product
    return priceOf(quantityOf(product, events), tiers, contract.digits, contract.entity.rounding)
  })
