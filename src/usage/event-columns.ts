import { ownValue } from '../kernel/own-value.ts'
import { formatQuantity, parseQuantity } from './quantity.ts'

/** An event as it is listed. */
export type ListedEvent = Readonly<Record<string, unknown>> & {
  event_ref: string
  event_id: string
  received_at: string
  amended: boolean
}

const OWN_COLUMNS = [
  'event_ref',
  'event_id',
  'received_at',
  'timestamp',
  'customer_ref',
  'customer_name',
  'usage_product_ref',
  'usage_product_name',
  'quantity',
  'amended',
] as const

/** The keys of report data, in the order in which they are met. */
export class ReportColumns {
  readonly #keys = new Set<string>()

  get size(): number {
    return this.#keys.size
  }

  note(event: Readonly<Record<string, unknown>>): void {
    for (const key of Object.keys(reportOf(event))) this.#keys.add(key)
  }

  /** The columns of a usage report: those of every event, then the report data under its own names. */
  header(): string[] {
    const taken = new Set<string>(OWN_COLUMNS)
    return [
      ...OWN_COLUMNS,
      ...Array.from(this.#keys, (key) => (taken.has(key) ? `additional_report_data.${key}` : key)),
    ]
  }

  row(event: ListedEvent): string[] {
    const report = reportOf(event)
    return [
      ...OWN_COLUMNS.map((column) => cellOf(column === 'quantity' ? quantityOf(event) : event[column])),
      ...Array.from(this.#keys, (key) => cellOf(ownValue(report, key))),
    ]
  }
}

const reportOf = ({ additional_report_data }: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object(additional_report_data ?? {})

/** In its one spelling, so that a spreadsheet takes every one for a number. */
const quantityOf = ({ quantity }: Readonly<Record<string, unknown>>): string =>
  formatQuantity(parseQuantity(String(quantity))!)

function cellOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
