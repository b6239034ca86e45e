import { DurableObject } from 'cloudflare:workers'
import type { Env } from '../env.ts'
import type { SealedUsage, SealRequest } from './sealed-usage.ts'

/** The usage of one customer. */
export class UsageMeter extends DurableObject<Env> {
  async seal(request: SealRequest): Promise<SealedUsage> {
    throw new Error(`meter cannot seal ${request.cycleNo}`)
  }
}
