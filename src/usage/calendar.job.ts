import { contractsOfCustomer } from '../contracts/contracts.store.ts'
import type { Env } from '../env.ts'
import type { Db } from '../storage/db.store.ts'
import { meterCalendar } from './meter-calendar.ts'

/** Effect of `meter_calendar`: teaches a customer's meter what the customer's contracts bill by now. */
export async function teachMeter(
  { env, db }: { env: Env; db: Db; now: number },
  { customerRef }: { customerRef: string },
): Promise<void> {
  const calendar = meterCalendar(await contractsOfCustomer(db, customerRef))
  await env.USAGE_METER.getByName(customerRef).learn(calendar)
}
