import { type GrantState, type Moved, move } from '../../credits/movement.ts'
import type { Instant } from '../../kernel/calendar.ts'
import { allocate, formatMoney, type Minor, sum } from '../../kernel/money.ts'
import { rational, roundToInteger } from '../../kernel/rational.ts'
import type { CreditPart } from '../assembly/credit-part.ts'
import { type LineReversal, leftOfLine, type Taken } from './line-reversal.ts'

/** By line and then by grant, what paid credit before tax has taken off a line and was not given back; minor units. */
export type UntaxedCredit = ReadonlyMap<string, ReadonlyMap<string, Minor>>

export function untaxedCredit(parts: readonly CreditPart[], grants: readonly GrantState[]): UntaxedCredit {
  const untaxed = new Set(grants.filter(({ grant }) => grant.beforeTax).map(({ grant }) => grant.ref))
  const byLine = Map.groupBy(
    parts.filter(({ grantRef }) => untaxed.has(grantRef)),
    ({ lineId }) => lineId,
  )
  return new Map([...byLine].map(([lineId, own]) => [lineId, paidByGrant(own)]))
}

function paidByGrant(parts: readonly CreditPart[]): Map<string, Minor> {
  const byGrant = Map.groupBy(parts, ({ grantRef }) => grantRef)
  return new Map([...byGrant].map(([ref, own]) => [ref, sum(own.map(({ paid }) => paid))]))
}

/** What credit before tax has taken off a line, and can still go back. */
export const creditOnLine = (credit: UntaxedCredit, lineId: string): Minor =>
  sum([...(credit.get(lineId)?.values() ?? [])])

/**
 * What goes back to each grant, line by line. Whoever is credited a service gets back what was given for it: of the credit
 * that lowered a line the same share as of the line's net amount, so that with all of the line all of it goes back. Of a
 * line that credit has paid whole `taken` is that credit itself. Grants that lowered one line share in proportion.
 *
 * @example 40.00 of credit took 100.00 of calls to 60.00; of a credit note over 15.00 10.00 go back to the credit
 */
export function creditWithLines(
  taken: readonly Taken[],
  before: readonly LineReversal[],
  credit: UntaxedCredit,
): Map<string, Map<string, Minor>> {
  const back = new Map<string, Map<string, Minor>>()
  for (const [lineId, own] of Map.groupBy(taken, ({ line }) => line.id)) {
    const left = creditOnLine(credit, lineId)
    const net = leftOfLine(own[0]!.line, before)
    const amount = sum(own.map((one) => one.amount + (one.ofCredit ?? 0n)))
    const whole = net === 0n ? left : net
    if (left === 0n || whole === 0n) continue
    const grants = [...credit.get(lineId)!]
    const parts = allocate(
      roundToInteger(rational(left * amount, whole)),
      grants.map(([, paid]) => magnitude(paid)),
    )
    for (const [place, [ref]] of grants.entries()) {
      const ofGrant = back.get(ref) ?? new Map<string, Minor>()
      back.set(ref, ofGrant.set(lineId, parts[place]!))
    }
  }
  return back
}

const magnitude = (minor: Minor): Minor => (minor < 0n ? -minor : minor)

/** The movements by which it goes back; a correction below zero alone takes nothing more of a grant. */
export const movedBack = (
  back: ReadonlyMap<string, ReadonlyMap<string, Minor>>,
  grants: readonly GrantState[],
  by: { invoiceId: string; reason: string; actor: string; at: Instant },
): Moved[] =>
  grants.flatMap((state) => {
    const amount = sum([...(back.get(state.grant.ref)?.values() ?? [])])
    return amount > 0n ? [move(state, { kind: 'reinstated', amount, ...by })] : []
  })

/** Says on the document what of each line goes back to credit: its amount is without that. */
export function namingCredit(
  reversals: readonly LineReversal[],
  back: ReadonlyMap<string, ReadonlyMap<string, Minor>>,
  moved: readonly Moved[],
  currency: string,
): LineReversal[] {
  const refs = moved.map(({ movement }) => movement.grantRef)
  return reversals.map((reversal, place) => {
    const isFirst = reversals.findIndex(({ lineId }) => lineId === reversal.lineId) === place
    const amount = sum(refs.map((ref) => back.get(ref)?.get(reversal.lineId) ?? 0n))
    if (!isFirst || amount === 0n) return reversal
    const said = `${formatMoney(amount, currency)} ${currency} go back to credit`
    return { ...reversal, description: `${reversal.description} (${said})` }
  })
}
