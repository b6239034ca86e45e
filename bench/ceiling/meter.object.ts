import { DurableObject } from 'cloudflare:workers'
import type { Env } from '../../src/env.ts'
import { type PackedParcel, unpacked } from '../../src/usage/parcel.ts'
import type { ParcelAnswer } from '../../src/usage/verdict.ts'

const SHOWN = { cycle: null, cycleTotal: '0' }

/** Takes the calls of a meter, says that all was accepted, and stores nothing. */
export class UsageMeter extends DurableObject<Env> {
  record(parcel: PackedParcel): ParcelAnswer {
    const { count } = unpacked(parcel)
    return { others: [], shown: count === 1 ? SHOWN : null }
  }
}
