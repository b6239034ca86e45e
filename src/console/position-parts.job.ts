import { type Presented, presentationOf } from '../closing/presentation/presentation.ts'
import { advancesNotDue } from '../closing/presentation/read-found.job.ts'
import type { LocalDate } from '../kernel/calendar.ts'
import { sum } from '../kernel/money.ts'
import { positionsByProduct } from '../reports/contract-balances.store.ts'
import type { ContractPosition } from '../reports/contract-balances.ts'
import { contractPositions } from '../reports/contract-positions.job.ts'
import type { Scope } from '../reports/ledger-sums.store.ts'
import type { Db } from '../storage/db.store.ts'
import { nonCurrentParts } from './later-parts.job.ts'
import { invoiceNumbers } from './lookups.store.ts'
import { contractPath, figurePath, invoicePath, journalPath } from './report-links.ts'
import type { FigurePart, Row } from './report-view.ts'

/** A contract at the end of a day, and how the balance sheet shows it. */
type Standing = { db: Db; day: LocalDate; own: ContractPosition; shown: Presented }

/** What a figure of a contract's position is made of; figures that are split lead to each other, the last to the entries. */
export async function positionParts(
  db: Db,
  day: LocalDate,
  scope: Scope,
  { contract_ref, currency }: Row,
  figure: string,
): Promise<FigurePart[]> {
  const positions = await contractPositions(db, day, scope)
  const own = positions.find((one) => one.currency === currency && one.contractRefs[0] === contract_ref)
  const of = PARTS[figure]
  if (!own || !of) return []
  return of({ db, day, own, shown: presentationOf(own.position) })
}

type PartsOf = (standing: Standing) => FigurePart[] | Promise<FigurePart[]>

const PARTS: Record<string, PartsOf> = {
  net: async (standing) => (await products(standing)).map(({ part }) => part),
  accrued: async (standing) =>
    (await products(standing)).filter(({ isAccrued }) => isAccrued).map(({ part }) => negative(part)),
  billed_ahead: async (standing) => [
    ...(await products(standing)).filter(({ isAccrued }) => !isAccrued).map(({ part }) => negative(part)),
    ...[advances, deposit, refund, liability].map((part) => part(standing)),
    negative(asset(standing)),
  ],
  unbilled: (standing) => {
    const { accrued } = standing.own.position
    return [
      partOf(standing, 'accrued', accrued, 'unbilled'),
      partOf(standing, 'billed_ahead', standing.shown.unbilled_receivable - accrued, 'unbilled'),
    ]
  },
  contract_asset: (standing) => [negative(net(standing)), advances(standing), negative(unbilled(standing))],
  contract_liability: (standing) => [
    net(standing),
    ...[advances, deposit, refund].map((part) => negative(part(standing))),
    ...[asset, unbilled].map((part) => part(standing)),
  ],
  deposit_liability: (standing) => [net(standing), negative(advances(standing))],
  refund_liability: ({ own, shown }) => stated(own, 'Expected to go back', -shown.refund_liability),
  advances_not_due: async ({ db, day, own, shown }) => {
    if (!own.position.isContract) return stated(own, 'Billed and unpaid', -shown.advances_not_due)
    const all = await advancesNotDue(db, { entityRef: own.entityRef, day }, own.contractRefs)
    const open = all.filter(({ currency }) => currency === own.currency)
    const numbers = await invoiceNumbers(
      db,
      open.map(({ id }) => id),
    )
    return open.map(({ id, amount }) => ({
      what: `Invoice ${numbers.get(id) ?? id}`,
      amount,
      path: invoicePath(id),
    }))
  },
  current: async (standing) => {
    const later = await nonCurrentParts(standing, liability(standing).amount)
    return [
      liability(standing),
      negative(partOf(standing, 'non_current', sum(later.map(({ amount }) => amount)))),
    ]
  },
  non_current: (standing) => nonCurrentParts(standing, liability(standing).amount),
}

const stated = (own: ContractPosition, what: string, amount: bigint): FigurePart[] => [
  { what, amount, path: contractPath(own.contractRefs[0]) },
]

const negative = ({ what, amount, path }: FigurePart): FigurePart => ({
  what: `Less: ${what}`,
  amount: -amount,
  path,
})

const partOf = (
  { day, own }: Standing,
  figure: string,
  amount: bigint,
  report: 'balances' | 'unbilled' = 'balances',
): FigurePart => ({
  what: NAMES[figure] ?? figure,
  amount,
  path: figurePath({
    ...{ report, as_of: day, entity_ref: own.entityRef },
    ...{ currency: own.currency, figure, row: own.contractRefs[0] },
  }),
})

const NAMES: Record<string, string> = {
  net: 'Billed less recognised',
  accrued: 'Usage that is on no invoice',
  billed_ahead: 'Billed ahead',
  advances_not_due: 'Advances that are not due',
  deposit_liability: 'Deposits',
  refund_liability: 'Expected refunds',
  contract_asset: 'Contract asset',
  contract_liability: 'Contract liability',
  unbilled: 'Unbilled usage',
  non_current: 'Earned after twelve months',
}

const net = (of: Standing) => partOf(of, 'net', of.own.position.net)
const advances = (of: Standing) => partOf(of, 'advances_not_due', -of.shown.advances_not_due)
const deposit = (of: Standing) => partOf(of, 'deposit_liability', -of.shown.deposit_liability)
const refund = (of: Standing) => partOf(of, 'refund_liability', -of.shown.refund_liability)
const asset = (of: Standing) => partOf(of, 'contract_asset', of.shown.contract_asset)
const unbilled = (of: Standing) => partOf(of, 'unbilled', of.shown.unbilled_receivable)
const liability = (of: Standing) =>
  partOf(of, 'contract_liability', of.own.position.net + sum(Object.values(of.shown)))

async function products({ db, day, own }: Standing) {
  const { entityRef, currency, contractRefs } = own
  const rows = await positionsByProduct(db, { day, entityRef, currency }, contractRefs)
  return rows.map(({ contractRef, productRef, net: amount, isUsage }) => ({
    isAccrued: isUsage && amount < 0n,
    part: {
      what: `${contractRef}: ${productRef ?? 'no product'}`,
      amount,
      path: journalPath({
        ...{ account: 'contract_position', entity_ref: entityRef, currency, to: day, presented: 'no' },
        contract_ref: contractRef,
        ...(productRef === null ? { without: 'product_ref' } : { product_ref: productRef }),
      }),
    },
  }))
}
