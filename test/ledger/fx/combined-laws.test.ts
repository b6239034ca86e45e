import fc from 'fast-check'
import { expect, it } from 'vitest'
import { addDays } from '../../../src/kernel/calendar.ts'
import { type Minor, sum } from '../../../src/kernel/money.ts'
import type { ForeignEntry, FunctionalLine } from '../../../src/ledger/fx/functional-line.ts'
import { type Holding, moved, NO_HOLDING } from '../../../src/ledger/fx/holding.ts'
import { measureInOrder } from '../../../src/ledger/fx/measure-plan.ts'
import { itemsFor } from '../../../src/ledger/fx/pool.ts'
import { groupsBefore, type Joining } from '../../../src/ledger/fx/position-group.ts'
import { rateBookOf } from '../../../src/ledger/fx/rate.ts'
import { credit, type Dimensions, debit, type Posting } from '../../../src/ledger/journal-entry.ts'
import { balanceOn, closed, combined, eurUsd, measured, of, posted, USD } from './foreign-books.ts'

const DAYS = 59
const dateOf = (day: number) => addDays('2026-01-01', day)

const rateArb = fc.integer({ min: 8_000, max: 15_000 }).map((rate) => (rate / 10_000).toFixed(4))
const ratesArb = fc
  .array(rateArb, { minLength: DAYS, maxLength: DAYS })
  .map((rates) => eurUsd(Object.fromEntries(rates.map((rate, day) => [dateOf(day), rate]))))

const CONTRACTS = ['a', 'b', 'c', 'd'] as const
const contractArb = fc.constantFrom(...CONTRACTS)

type Event = { kind: string; contract: string; day: number; amount: Minor }
const eventsArb = fc.array(
  fc.record({
    kind: fc.constantFrom('invoice', 'revenue', 'taken back', 'credit note'),
    contract: contractArb,
    day: fc.nat(DAYS - 1),
    amount: fc.bigInt(1n, 50n).map((hundreds) => hundreds * 10_000n),
  }),
  { minLength: 1, maxLength: 20 },
)

function entryOf({ kind, contract, day, amount }: Event, place: number, own: Dimensions = of(contract)) {
  const invoiced = { ...own, invoiceId: `i-${contract}` }
  const lines: Record<string, Posting[]> = {
    invoice: [debit('accounts_receivable', amount, invoiced), credit('contract_position', amount, own)],
    revenue: [debit('contract_position', amount, own), credit('revenue', amount, own)],
    'taken back': [debit('revenue', amount, own), credit('contract_position', amount, own)],
    'credit note': [debit('contract_position', amount, own), credit('accounts_receivable', amount, invoiced)],
  }
  return posted(dateOf(day), `${place}`, lines[kind] ?? [])
}

/** Behind an event, a contract joins another one, each with all that it is one with. */
type Join = { into: string; contract: string; after: number }
const joinsArb = fc.array(fc.record({ into: contractArb, contract: contractArb, after: fc.nat(19) }), {
  maxLength: 4,
})

type Story = { entries: ForeignEntry[]; joinings: Joining[] }

/** The entries of events and joins; the number of an entry is its place. */
function storyOf(events: readonly Event[], joins: readonly Join[]): Story {
  const story: Story = { entries: [], joinings: [] }
  events.forEach((event, place) => {
    story.entries.push(entryOf(event, place))
    for (const join of joins.filter(({ after }) => after === place)) joinIn(story, join, event.day)
  })
  return story
}

function joinIn({ entries, joinings }: Story, { into, contract }: Join, day: number): void {
  const groups = groupsBefore(joinings)
  const groupOf = (ref: string) => groups.get(ref) ?? ref
  const [target, other] = [groupOf(`k-${into}`), groupOf(`k-${contract}`)]
  if (target === other) return
  const members = CONTRACTS.map((ref) => `k-${ref}`).filter((ref) => groupOf(ref) === other)
  const { entry, joinings: own } = combined(dateOf(day), target, ...members)
  joinings.push(...own.map((joining) => ({ ...joining, since: entries.length })))
  entries.push(entry)
}

const amountsOf = (lines: readonly FunctionalLine[]) =>
  lines.map(({ account, amount, functionalAmount }) => [account, amount, functionalAmount])

it('contracts that are one from the beginning are measured as one contract with all of it', () => {
  fc.assert(
    fc.property(eventsArb, ratesArb, (events, rates) => {
      const { entry, joinings } = combined(dateOf(0), 'k-a', 'k-b', 'k-c', 'k-d')
      const many = events.map((event, place) => entryOf(event, place))
      const single = events.map((event, place) => entryOf(event, place, of('a')))
      const [parts, whole] = [measured([entry, ...many], rates, joinings), measured(single, rates)]
      // The entry that makes them one has a line for each of the four, of no amount.
      expect(amountsOf(parts.slice(4))).toEqual(amountsOf(whole))
      const [ends, end] = [closed(parts, '2026-01', rates, joinings), closed(whole, '2026-01', rates)]
      for (const account of ['contract_position', 'fx_gain_loss'] as const)
        expect(balanceOn(ends, account, '2026-01-31')).toBe(balanceOn(end, account, '2026-01-31'))
    }),
  )
})

it('whenever contracts become one, their books balance, and nothing is left where nothing is held', () => {
  fc.assert(
    fc.property(eventsArb, joinsArb, ratesArb, (events, joins, rates) => {
      const { entries, joinings } = storyOf(events, joins)
      const lines = measured(entries, rates, joinings)
      expect(sum(lines.map(({ functionalAmount }) => functionalAmount))).toBe(0n)
      for (const { amount, functional } of poolsOf(lines, joinings).values())
        if (amount === 0n) expect(functional).toBe(0n)
    }),
  )
})

it('what contracts hold together has a rate of its days, whenever they become one', () => {
  fc.assert(
    fc.property(eventsArb, joinsArb, ratesArb, (unsorted, joins, rates) => {
      const events = unsorted.toSorted((one, other) => one.day - other.day)
      const { entries, joinings } = storyOf(events, joins)
      for (const pool of poolsOf(measured(entries, rates, joinings), joinings).values()) {
        const [amount, functional] =
          pool.amount < 0n ? [-pool.amount, -pool.functional] : [pool.amount, pool.functional]
        // Between 0.8000 and 1.5000, within what is rounded on the way.
        const rounded = BigInt(events.length) * 100n
        expect(functional * 10n >= amount * 8n - rounded).toBe(true)
        expect(functional * 10n <= amount * 15n + rounded).toBe(true)
      }
    }),
  )
})

it('is the same in however many runs entries are measured', () => {
  fc.assert(
    fc.property(eventsArb, joinsArb, ratesArb, fc.nat(20), (events, joins, rates, first) => {
      const { entries, joinings } = storyOf(events, joins)
      const atOnce = amountsOf(measured(entries, rates, joinings))
      const run = (from: number, to: number, before: readonly FunctionalLine[]) => {
        const own = entries.slice(from, to)
        const asked = itemsFor(own, joinings)
        const holdings = holdingsOf(before.filter(({ item }) => item !== null && asked.includes(item)))
        const groups = groupsBefore(joinings, from)
        const books = { ...USD, rates: rateBookOf(rates), holdings, groups, joinings, reversed: new Map() }
        return measureInOrder(own, books).flatMap(({ lines }) => lines)
      }
      const begun = run(0, first, [])
      expect(amountsOf([...begun, ...run(first, entries.length, begun)])).toEqual(atOnce)
    }),
  )
})

/** What lines have moved, item by item. */
function holdingsOf(lines: readonly FunctionalLine[]): Map<string, Holding> {
  const holdings = new Map<string, Holding>()
  for (const { item, amount, functionalAmount: functional, day } of lines)
    if (item) holdings.set(item, moved(holdings.get(item) ?? NO_HOLDING, { amount, functional }, day))
  return holdings
}

/** What positions hold in the end, those that are one together. */
function poolsOf(lines: readonly FunctionalLine[], joinings: readonly Joining[]): Map<string, Holding> {
  const groups = groupsBefore(joinings)
  const positions = lines
    .filter(({ account }) => account === 'contract_position')
    .map((line) => ({ ...line, item: groups.get(line.contractRef ?? '') ?? line.contractRef }))
  return holdingsOf(positions)
}
