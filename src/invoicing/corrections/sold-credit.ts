import type { GrantState, Moved } from '../../credits/movement.ts'
import { takeable, takeBack } from '../../credits/take-back.ts'
import type { Minor } from '../../kernel/money.ts'
import { sellsCredit } from '../charges/credit-sale.ts'
import type { InvoiceLine } from '../invoice.ts'
import { type LineReversal, leftOfLine } from './line-reversal.ts'

/** The credit that an invoice has sold, with what was rolled over of it. */
export type CreditSold = readonly GrantState[]

/**
 * What can still be taken back of a line, net of tax: of one that sold credit what its unused credit has cost. Credit that
 * was used, has expired or was forfeited has been earned, and stays owed.
 */
export const takeableOfLine = (
  line: InvoiceLine,
  before: readonly LineReversal[],
  sold: CreditSold,
): Minor => (sellsCredit(line) ? takeable(ofLine(sold, line.id)) : leftOfLine(line, before))

/** The credit that goes with what is taken back of lines; the entry of the document posts what it has cost. */
export const withdrawn = (
  sold: CreditSold,
  reversals: readonly LineReversal[],
  by: Parameters<typeof takeBack>[2],
): Moved[] =>
  reversals.flatMap(({ lineId, amount }) => {
    const grants = ofLine(sold, lineId)
    return grants.length === 0 ? [] : takeBack(grants, amount, by)
  })

const ofLine = (sold: CreditSold, lineId: string): GrantState[] =>
  sold.filter(({ grant }) => grant.sourceId === lineId)
