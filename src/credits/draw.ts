import { apportion } from '../kernel/apportion.ts'
import type { Instant } from '../kernel/calendar.ts'
import { type Minor, sum } from '../kernel/money.ts'
import { rational } from '../kernel/rational.ts'
import { burnOrder } from './burn-order.ts'
import { type CreditGrant, isKeptMoney } from './grant.ts'
import { balanceOf, type GrantState } from './movement.ts'

/**
 * What is open of a line in minor units, when its service begins, whether it is of usage, and so delivered already, and
 * whether it sells credit itself. A negative line corrects an earlier one.
 */
export type OpenLine = {
  productRef: string
  serviceStart: Instant
  isUsage: boolean
  sellsCredit?: boolean
  open: Minor
}

/** The invoice that credit is asked to pay. */
export type Billed = { contractRef: string; currency: string; issuedAt: Instant; lines: readonly OpenLine[] }

/** `parts` is what of the amount each line of the invoice gets; `isWhole` where all of them may get some. */
export type Draw = { state: GrantState; amount: Minor; parts: Minor[]; isWhole: boolean }

/**
 * What each grant gives to an invoice, in the order in which grants are used, and as far as the invoice goes. What they
 * do not cover is simply due. A grant gives to the lines of its contracts and products whose service begins before it
 * expires; service from before it was granted is covered too, as long as it was not billed. Paid credit before tax gives
 * to usage only: it is earned when it is used. Credit buys no credit, but money that was kept does; and what is not paid
 * for yet gives nothing.
 *
 * @example 120.00 open, 100.00 that expire today and 50.00 that stay: 100.00 and 20.00
 */
export function drawCredit(wallet: readonly GrantState[], billed: Billed): Draw[] {
  const left = billed.lines.map(({ open }) => open)
  const draws: Draw[] = []
  const usable = wallet.filter(({ isHeld }) => !isHeld)
  for (const state of usable.toSorted((a, b) => burnOrder(a.grant, b.grant))) {
    const places = billed.lines.flatMap((line, place) => (paysFor(state.grant, billed, line) ? [place] : []))
    const amount = offer(state, sum(places.map((place) => left[place]!)), sum(left))
    if (amount <= 0n) continue
    const parts = state.grant.beforeTax ? shared(left, places, amount) : inOrder(left, places, amount)
    for (const [place, part] of parts.entries()) left[place]! -= part
    draws.push({ state, amount, parts, isWhole: places.length === left.length })
  }
  return draws
}

/** Whether a grant may pay for a line. */
function paysFor(grant: CreditGrant, billed: Billed, line: OpenLine): boolean {
  const { contractRefs, productRefs, expiresAt } = grant
  return (
    grant.currency === billed.currency &&
    grant.effectiveAt <= billed.issuedAt &&
    (expiresAt === null || line.serviceStart < expiresAt) &&
    (contractRefs === null || contractRefs.includes(billed.contractRef)) &&
    (productRefs === null || productRefs.includes(line.productRef)) &&
    (line.isUsage || !grant.beforeTax || grant.kind === 'promotional') &&
    (!line.sellsCredit || isKeptMoney(grant))
  )
}

/** At most the balance, what is open of the grant's own lines, and what is open of the invoice. */
function offer(state: GrantState, ofLines: Minor, ofInvoice: Minor): Minor {
  const open = ofLines < ofInvoice ? ofLines : ofInvoice
  const balance = balanceOf(state)
  if (balance >= open) return open
  return state.grant.overage === 'refuse' ? 0n : balance
}

/** An amount that lowers lines as a discount does: all alike, corrections too. */
function shared(left: readonly Minor[], places: readonly number[], amount: Minor): Minor[] {
  const chosen = left.map((open, place) => (places.includes(place) ? open : 0n))
  const total = sum(chosen)
  return apportion(
    amount,
    chosen.map((open) => rational(amount * open, total)),
  )
}

/** An amount that pays for lines one after the other; they have at least as much together. */
function inOrder(left: readonly Minor[], places: readonly number[], amount: Minor): Minor[] {
  const parts = left.map(() => 0n)
  let rest = amount
  for (const place of places) {
    const open = left[place]!
    if (open <= 0n) continue
    const kept = open > rest ? open - rest : 0n
    parts[place] = open - kept
    rest -= open - kept
  }
  return parts
}
