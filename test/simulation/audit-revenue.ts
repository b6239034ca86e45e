import { cyclesOf, dateIn, daysBetween, monthsOf, priceOf, roundedQuotient } from './arithmetic.ts'
import { quantityOf, usageIn } from './audit-billing.ts'
import { on } from './audit-books.ts'
import { type Books, differs, type LineRow, type MonthRow, sumOf } from './books.ts'
import type { ContractFact, Facts, ProductFact } from './facts.ts'

/** What was billed is revenue or still in the contract's position, and becomes revenue when it is served. */
export function auditRevenue(books: Books, facts: Facts, look: { now: number; complete: boolean }): string[] {
  const months = Map.groupBy(books.months, ({ line_id }) => line_id)
  return [
    ...differs(
      'lines with a schedule, or waiting for one',
      [...books.schedules, ...books.unscheduled]
        .map(({ line_id }) => line_id)
        .sort()
        .join(),
      books.lines
        .map(({ id }) => id)
        .sort()
        .join(),
    ),
    ...books.schedules.flatMap(({ line_id }) => {
      const line = books.lines.find(({ id }) => id === line_id)!
      return auditSchedule(line, months.get(line_id) ?? [])
    }),
    ...facts.contracts.flatMap((contract) => auditContract(books, contract, look)),
    ...(look.complete ? facts.contracts.flatMap((contract) => auditMonthsOfUse(books, facts, contract)) : []),
    ...auditPostings(books),
  ]
}

function auditSchedule(line: LineRow, months: readonly MonthRow[]): string[] {
  const what = `${line.contract_ref} ${line.product_ref} ${line.id}`
  const planned = months.map(({ month, amount }) => `${month} ${amount}`).sort()
  return [
    ...differs(`${what} months add up`, sumOf(months), line.amount),
    ...(line.kind === 'recurring' ? differs(`${what} day by day`, planned, straightLine(line)) : []),
    ...(line.kind === 'one_time'
      ? differs(`${what} at once`, planned, [`${line.service_start.slice(0, 7)} ${line.amount}`])
      : []),
  ]
}

/** Up to the end of each month: the amount × days so far ÷ all days, rounded. */
function straightLine({ amount, service_start: start, service_end: end }: LineRow): string[] {
  const days = BigInt(daysBetween(start, end))
  return increments({ start, end }, (upTo) =>
    roundedQuotient(BigInt(amount) * BigInt(daysBetween(start, upTo)), days),
  )
}

/** What each month adds to an amount that is known up to any day; months that add nothing are left out. */
function increments(period: { start: string; end: string }, earnedUpTo: (day: string) => bigint): string[] {
  const earned = [0n, ...monthsOf(period).map(({ end }) => earnedUpTo(end))]
  return monthsOf(period).flatMap(({ month }, place) => {
    const added = earned[place + 1]! - earned[place]!
    return added === 0n ? [] : `${month} ${added}`
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
  const months = books.months.filter(({ line_id }) => own.has(line_id))
  const early = months.filter(
    ({ posted_at, posting_date }) => posted_at !== null && posting_date >= dateIn(timezone, posted_at),
  )
  const due = months.filter(
    ({ posted_at, posting_date }) => posted_at === null && posting_date < dateIn(timezone, now),
  )
  const entries = books.entries.filter(({ contract_ref }) => contract_ref === contract.ref)
  const recognised = sumOf(months.filter(({ posted_at }) => posted_at !== null))
  return [
    ...differs(`${contract.ref} months posted before they were over`, early.length, 0),
    ...(complete ? differs(`${contract.ref} months that are over and not posted`, due.length, 0) : []),
    ...differs(`${contract.ref} revenue`, -on('revenue', entries), recognised),
    ...differs(`${contract.ref} position`, -on('contract_position', entries), sumOf(lines) - recognised),
  ]
}

/** Each posted month has its own entry, and each entry its month. */
function auditPostings({ entries, months }: Books): string[] {
  const posted = months.filter(({ posted_at }) => posted_at !== null)
  const revenue = entries.filter(
    ({ event, account }) => event === 'revenue_recognised' && account === 'revenue',
  )
  return differs(
    'revenue entries',
    revenue
      .map(({ source_id, amount }) => `${source_id} ${-amount}`)
      .sort()
      .join('\n'),
    posted
      .map(({ id, amount }) => `${id} ${amount}`)
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
          books.months.filter(({ line_id }) => own.has(line_id)),
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
  increments({ start, end }, (upTo) => {
    const events = usageIn(contract, product, { start, end: upTo }, facts.usage)
    const { tiers } = product
    return priceOf(quantityOf(product, events), tiers, contract.digits, contract.entity.rounding)
  })
