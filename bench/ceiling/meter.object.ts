import { DurableObject } from 'cloudflare:workers'
import type { Env } from '../../src/env.ts'
import type { ParcelAnswer } from '../../src/usage/verdict.ts'

/** Takes the calls of a meter, says that all was accepted, and stores nothing. */
export class UsageMeter extends DurableObject<Env> {
  record(): ParcelAnswer {
    return { others: [], shown: null }
  }
}
