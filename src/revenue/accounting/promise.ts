import { isDelivered } from '../../catalog/product.ts'
import { daysBetween, type LocalDate } from '../../kernel/calendar.ts'
import { type Minor, sum as sumOf } from '../../kernel/money.ts'
import { add, decimal, isZero, multiply, ONE, type Rational, rational, sum } from '../../kernel/rational.ts'
import type { Ssp } from '../allocation/ssp.ts'
import type { Measure, TimePattern } from '../recognition/measure.ts'
import type { PinnedProduct } from './coverage.ts'
import { type Fact, factsOf } from './facts.ts'
import { earlier, later, type Piece, type Service } from './service.ts'
import { entryFor, knownSsp, type SspBook, sspOf, statedSsp } from './ssp-book.ts'

/** An obligation of a contract in one of its versions: a service, and those that are not distinct from it. */
export type Promised = {
  key: string
  product: PinnedProduct
  service: Service
  joined: readonly Service[]
  price: Minor
}

/** What is promised of the covered products: a service each, or with the one that it is no promise beside. */
export function promisedOf(
  services: readonly Service[],
  products: ReadonlyMap<string, PinnedProduct>,
  prefix: string,
): Promised[] {
  const hostOf = ({ productRef }: Service) => {
    const host = products.get(productRef)?.revenue.combined_with
    return host === productRef ? undefined : services.find(({ key }) => key === host)
  }
  return services
    .filter((service) => !hostOf(service))
    .map((service) => {
      const joined = services.filter((other) => hostOf(other) === service)
      return {
        key: prefix + service.key,
        product: products.get(service.productRef)!,
        service,
        joined,
        price: sumOf([service, ...joined].map(({ price }) => price)),
      }
    })
}

/** How a promise is satisfied: over its days, or by the deliveries that were reported. */
export function measureOf({ product, service }: Promised, facts: readonly Fact[]): Measure {
  const { recognition, revenue } = product
  if (isTimed(product)) return { by: timePattern(recognition), start: service.start, end: service.end }
  const delivered = factsOf(facts, 'delivery').filter(({ body }) => body.product_ref === product.ref)
  if (recognition === 'units') return unitsOf(product, service, delivered)
  if (recognition === 'milestone') {
    const dateOf = (name: string) => delivered.find(({ body }) => body.milestone === name)?.effectiveDate
    const milestones = (revenue.milestones ?? []).map(({ name, weight }) => ({
      ...dated(dateOf(name)),
      weight: decimal(weight),
    }))
    return { by: 'milestones', milestones }
  }
  const isOnDelivery = isDelivered(recognition, revenue)
  return { by: 'point_in_time', ...dated(isOnDelivery ? delivered[0]?.effectiveDate : service.start) }
}

const dated = (date: LocalDate | undefined) => (date === undefined ? {} : { date })

export const isTimed = ({ recognition }: PinnedProduct): boolean =>
  recognition === 'daily' || recognition === 'month_even' || recognition === 'month_even_prorated_ends'

/** A right to use for a time that is handed over when the time begins: what recurs is not given day by day. */
export const isLicence = ({ kind, recognition, revenue }: PinnedProduct): boolean =>
  kind === 'recurring' && recognition === 'point_in_time' && !isDelivered(recognition, revenue)

/** Days, where nothing else about time was set. */
export const timePattern = (recognition: PinnedProduct['recognition']): TimePattern =>
  recognition === 'month_even' || recognition === 'month_even_prorated_ends' ? recognition : 'daily'

/** What is unused of units for a time is earned when that time is over. */
function unitsOf(
  { kind, revenue }: PinnedProduct,
  { pieces, end }: Service,
  delivered: ReturnType<typeof factsOf<'delivery'>>,
): Measure {
  const agreed = sum(pieces.map(({ quantity }) => decimal(quantity)))
  const total = revenue.total_units === undefined ? agreed : decimal(revenue.total_units)
  return {
    by: 'units',
    deliveries: delivered.map(({ effectiveDate, body }) => ({
      date: effectiveDate,
      quantity: decimal(body.quantity ?? '0'),
    })),
    totals: [
      { from: '1900-01-01', quantity: isZero(total) ? ONE : total },
      ...delivered
        .filter(({ body }) => body.expected_total !== undefined)
        .map(({ effectiveDate, body }) => ({ from: effectiveDate, quantity: decimal(body.expected_total!) }))
        .sort((a, b) => (a.from < b.from ? -1 : 1)),
    ],
    ...(kind === 'recurring' ? { expires: end } : {}),
  }
}

export const isSeries = ({ recognition, revenue }: PinnedProduct): boolean =>
  revenue.series ?? recognition !== 'milestone'

/** The stand-alone selling price of a promise, or of the days of it from one to another, in exact minor units. */
export function sellingPriceOf(
  { product, service, joined }: Promised,
  book: SspBook | undefined,
  currency: string,
  span: { from: LocalDate; to: LocalDate } = { from: service.start, to: service.end },
): Ssp {
  const own = serviceSsp(service, entryFor(book, product.ref, currency), span)
  return joined
    .map((other) => serviceSsp(other, entryFor(book, other.productRef, currency), span))
    .reduce(plus, own)
}

type Span = { from: LocalDate; to: LocalDate }

/** What the terms charge for the days of a promise from one to another, in exact minor units. */
export const statedPrice = ({ service, joined }: Promised, span: Span): Rational =>
  sum(
    [service, ...joined]
      .flatMap(({ pieces }) => pieces.flatMap((piece) => clipped(piece, span)))
      .map(({ exact }) => exact),
  )

function serviceSsp(service: Service, entry: ReturnType<typeof entryFor>, span: Span): Ssp {
  const pieces = service.pieces.flatMap((piece) => clipped(piece, span))
  const stated = sum(pieces.map(({ exact }) => exact))
  return entry ? sspOf(entry, pieces, stated) : statedSsp(stated)
}

/** A part of a piece has its part of the price and of the months, by days. */
function clipped(piece: Piece, { from, to }: Span): (Piece & { exact: Rational })[] {
  const [start, end] = [later(piece.start, from), earlier(piece.end, to)]
  if (start >= end) return []
  const part = rational(BigInt(daysBetween(start, end)), BigInt(daysBetween(piece.start, piece.end)))
  const months = multiply(piece.months, part)
  return [{ ...piece, start, end, months, exact: multiply(rational(piece.price), part) }]
}

/** Together; only what is known can be added, so a residual counts as the price that was stated. */
function plus(a: Ssp, b: Ssp): Ssp {
  const [x, y] = [pointOf(a), pointOf(b)]
  return { is: 'point', amount: add(x, y) }
}

export const pointOf = (ssp: Ssp): Rational => {
  const known = knownSsp(ssp, rational(0n))
  return known.is === 'point' ? known.amount : (known.stated ?? known.low)
}
