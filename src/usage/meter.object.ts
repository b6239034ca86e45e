import { DurableObject } from 'cloudflare:workers'
import type { Env } from '../env.ts'

/** The usage of one customer. */
export class UsageMeter extends DurableObject<Env> {}
