import { ownValue } from '../kernel/own-value.ts'
import type { Fault } from '../kernel/problem.ts'
import { compare, decimal, isZero } from '../kernel/rational.ts'
import type {
  BlockTier,
  CapacityTier,
  MatrixRow,
  PercentageModel,
  Price,
  PriceModel,
  PriceModifiers,
} from './price.ts'

/** What of a price makes no sense together, though each of its numbers is right. */
export const faultsOfPrice = ({ model, modifiers = {} }: Price): Fault[] => [
  ...faultsOfLimits(modifiers),
  ...faultsOfUnits(model, modifiers),
]

/** True for a model whose unit price depends on all of the usage, so that no part of it has a price of its own. */
export const pricesTheWhole = (model: PriceModel): boolean =>
  model.type === 'volume' || (model.type === 'block_tiers' && model.mode === 'volume')

/** True for a price that needs the single amounts of a period in their order, and not only their sum. */
export const looksAtEvents = (model: PriceModel): model is PercentageModel =>
  model.type === 'percentage' &&
  (model.min_per_event !== null ||
    model.max_per_event !== null ||
    [model.fixed_per_event, model.free_events].some((value) => !isZero(decimal(value))))

function faultsOfLimits({ minimum_amount: least, maximum_amount: most }: PriceModifiers): Fault[] {
  return least !== undefined && most !== undefined && compare(decimal(least), decimal(most)) > 0
    ? [{ path: 'modifiers.minimum_amount', message: `must not be above maximum_amount, ${most}` }]
    : []
}

function faultsOfUnits(model: PriceModel, modifiers: PriceModifiers): Fault[] {
  if (model.type === 'flat') {
    return (['unit_conversion', 'included_quantity', 'usage_discount'] as const)
      .filter((name) => modifiers[name] !== undefined)
      .map((name) => ({ path: `modifiers.${name}`, message: 'a flat price has no units' }))
  }
  return pricesTheWhole(model) && modifiers.included_quantity !== undefined
    ? [
        {
          path: 'modifiers.included_quantity',
          message: 'with volume tiers, say what is included by a first tier at 0',
        },
      ]
    : []
}

/** A fee for each event that is at least more than it is at most. */
export const faultsOfEventBounds = ({
  min_per_event: least,
  max_per_event: most,
}: PercentageModel): Fault[] =>
  least !== null && most !== null && compare(decimal(least), decimal(most)) > 0
    ? [{ path: 'min_per_event', message: `must not be above max_per_event, ${most}` }]
    : []

/** Two rows for the very same usage, or of the same name. */
export function faultsOfRows(rows: readonly MatrixRow[]): Fault[] {
  const seen = { match: new Map<string, number>(), name: new Map<string, number>() }
  return rows.flatMap((row, place) => {
    const marks = { match: matchText(row), name: row.name ?? undefined }
    return (['match', 'name'] as const).flatMap((field) => {
      const mark = marks[field]
      if (mark === undefined) return []
      const earlier = seen[field].get(mark)
      if (earlier === undefined) seen[field].set(mark, place)
      return earlier === undefined
        ? []
        : [{ path: `${place}.${field}`, message: `is that of rows.${earlier} again` }]
    })
  })
}

/** Equal for rows that match the same, in whatever order they say it. */
const matchText = ({ match }: MatrixRow): string =>
  JSON.stringify(
    Object.entries(match)
      .map(([key, values]) => [key, values === '*' ? '*' : [...new Set(values)].sort()] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )

/** Only the last block tier takes all that is left. */
export const faultsOfBlocks = (tiers: readonly BlockTier[]): Fault[] =>
  tiers
    .slice(0, -1)
    .flatMap(({ max_blocks }, place) =>
      max_blocks === null
        ? [{ path: `${place}.max_blocks`, message: 'only the last tier may be without an end' }]
        : [],
    )

/** A limit must not fall from one tier to the next, and at least one must rise: else no usage reaches the next tier. */
export function faultsOfCapacity(tiers: readonly CapacityTier[]): Fault[] {
  return tiers.slice(1).flatMap(({ limits }, before) => {
    const place = before + 1
    const lower = tiers[before]!.limits
    const units = [...new Set([...Object.keys(lower), ...Object.keys(limits)])]
    const changes = units.map((unit) => ({
      unit,
      by: compareLimits(ownValue(limits, unit), ownValue(lower, unit)),
    }))
    const fallen = changes.filter(({ by }) => by < 0)
    if (fallen.length > 0) {
      return fallen.map(({ unit }) => ({
        path: `${place}.limits.${unit}`,
        message: `must not be below that of the tier before it, ${ownValue(lower, unit) ?? 'which has none'}`,
      }))
    }
    return changes.some(({ by }) => by > 0)
      ? []
      : [{ path: `${place}.limits`, message: 'must have a limit above that of the tier before it' }]
  })
}

function compareLimits(a: string | null | undefined, b: string | null | undefined): number {
  const [aIsOpen, bIsOpen] = [a ?? null, b ?? null].map((limit) => limit === null)
  if (aIsOpen || bIsOpen) return Number(aIsOpen) - Number(bIsOpen)
  return compare(decimal(a!), decimal(b!))
}
