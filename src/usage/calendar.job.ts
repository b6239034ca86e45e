import { findProducts } from '../catalog/catalog.store.ts'
import { contractsOfCustomer } from '../contracts/contracts.store.ts'
import type { Env } from '../env.ts'
import type { Db } from '../storage/db.store.ts'
import { askMeter } from './ask-meter.job.ts'
import { type MeterCalendar, meterCalendar } from './meter-calendar.ts'

/** Effect of `meter_calendar`: teaches a customer's meter what the customer's contracts bill by now. */
export async function teachMeter(
  { env, db }: { env: Env; db: Db; now: number },
  { customerRef }: { customerRef: string },
): Promise<void> {
  const calendar = await calendarOf(db, customerRef)
  await askMeter(env, customerRef, (meter) => meter.learn(calendar))
}

/** The calendar of a customer, from its contracts and the metrics of their products as they stand. */
export async function calendarOf(db: Db, customerRef: string): Promise<MeterCalendar> {
  const contracts = await contractsOfCustomer(db, customerRef)
  const refs = contracts.flatMap(({ terms }) => terms.products.map((product) => product.product_ref))
  const products = await findProducts(db, [...new Set(refs)])
  return meterCalendar(
    contracts.filter(({ status }) => status !== 'draft'),
    products,
  )
}
