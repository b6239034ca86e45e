import type { Contract } from '../../contracts/contract.ts'
import { instantOf } from '../../contracts/periods/zone.ts'
import type { Env } from '../../env.ts'
import { addDays, type LocalDate } from '../../kernel/calendar.ts'
import type { SealedUsage, SealRequest } from '../../usage/sealed-usage.ts'
import { chargedAsItHappens } from '../charges/advance-usage.ts'
import type { CycleCloseInput } from './cycle-close.ts'

/**
 * `seal` freezes the usage, once and for ever; `preview` only looks at it, or as if nothing were used after the last day,
 * where the contract is.
 */
export type UsageReading = 'seal' | 'preview' | { lastDay: LocalDate }

/** The usage that a contract's meter knows; null where none is asked for. */
export async function meterUsage(
  env: Env,
  { customerRef, terms }: Pick<Contract, 'customerRef' | 'terms'>,
  request: SealRequest | undefined,
  reading: UsageReading,
): Promise<SealedUsage | null> {
  if (!request) return null
  const meter = env.USAGE_METER.getByName(customerRef)
  if (reading === 'seal') return meter.seal(request)
  return meter.preview(
    request,
    reading === 'preview' ? undefined : instantOf(terms, addDays(reading.lastDay, 1)),
  )
}

/** The usage of the running cycle that is charged as it happens. */
export const runningUsage = (
  { terms, nextCycle: cycleNo }: Contract,
  products: CycleCloseInput['products'],
) => chargedAsItHappens({ terms, products }, cycleNo).map((productRef) => ({ productRef, cycleNo }))
