import { daysBetween, type LocalDate } from '../../kernel/calendar.ts'
import { invalid, type Problem } from '../../kernel/problem.ts'
import { decimal, isNegative, isZero, sum } from '../../kernel/rational.ts'
import type { Delivery, ExpectedTotal, Measure } from '../recognition/measure.ts'
import type { MeasureBody } from './obligation.http.ts'

/** Every month of a service is laid out. */
const SERVICE_DAYS_MAX = 40 * 366

export const fault = (path: string, message: string): Problem =>
  invalid('invalid_request', `${path}: ${message}.`, [{ path, message }])

/** Reads how an obligation is satisfied; the problem names the field that its way of recognition needs. */
export function readMeasure(body: MeasureBody, path: string): Measure {
  switch (body.recognition) {
    case 'daily':
    case 'month_even':
    case 'month_even_prorated_ends':
      return { by: body.recognition, ...servicePeriod(body, path) }
    case 'milestone':
      if (body.milestones.length === 0) throw fault(`${path}.milestones`, 'a milestone is needed')
      return {
        by: 'milestones',
        milestones: body.milestones.map(({ date, weight }) => ({ ...dated(date), weight: decimal(weight) })),
      }
    case 'point_in_time':
      return { by: 'point_in_time', ...dated(body.start) }
    case 'material_right':
      return { by: 'point_in_time', ...dated(usedOn(body, path)) }
    default:
      return readUnits(body, path)
  }
}

/** An option that has expired can be used no more: its share was revenue on that day. */
function usedOn({ exercised_on: used, expires }: MeasureBody, path: string): LocalDate | undefined {
  if (used === undefined || expires === undefined || used <= expires) return used ?? expires
  throw fault(`${path}.exercised_on`, 'must not be after expires')
}

const dated = (date: LocalDate | undefined) => (date === undefined ? {} : { date })

function servicePeriod({ start, end }: MeasureBody, path: string): { start: LocalDate; end: LocalDate } {
  if (start === undefined) throw fault(`${path}.start`, 'is needed for recognition over time')
  if (end === undefined) throw fault(`${path}.end`, 'is needed for recognition over time')
  if (end <= start) throw fault(`${path}.end`, 'must be after start')
  if (daysBetween(start, end) > SERVICE_DAYS_MAX)
    throw fault(`${path}.end`, 'must be within 40 years of start')
  return { start, end }
}

function readUnits(body: MeasureBody, path: string): Measure {
  const deliveries = body.events.map((event, place): Delivery => {
    const text = event.quantity ?? event.amount
    if (text === undefined) throw fault(`${path}.events.${place}.quantity`, 'is needed to measure progress')
    const quantity = decimal(text)
    if (isNegative(quantity))
      throw fault(`${path}.events.${place}.amount`, 'must not be negative to measure progress')
    return { date: event.date, quantity }
  })
  const expires = body.unclaimed_property ? undefined : body.expires
  return {
    by: 'units',
    deliveries,
    totals: totalsOf(body, deliveries),
    ...(expires === undefined ? {} : { expires }),
  }
}

/** Without an estimate the events are all that there will be; without events either, one unit is to come. */
function totalsOf(
  { total_quantity: total, estimates }: MeasureBody,
  deliveries: readonly Delivery[],
): ExpectedTotal[] {
  const delivered = sum(deliveries.map(({ quantity }) => quantity))
  const first = total === undefined ? (isZero(delivered) ? decimal('1') : delivered) : decimal(total)
  const later = estimates
    .map(({ from, total_quantity }) => ({ from, quantity: decimal(total_quantity) }))
    .sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0))
  return [{ from: '1900-01-01', quantity: first }, ...later]
}
