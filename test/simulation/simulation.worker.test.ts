import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { startAfresh } from '../support/afresh.ts'
import { env } from '../support/worker.ts'
import { Simulation } from './simulation.ts'

/** `SIMULATION_SEEDS=17,42` replays runs; by default a few run every time. */
const { SIMULATION_SEEDS } = env as unknown as { SIMULATION_SEEDS: string }
const seeds = SIMULATION_SEEDS === '' ? [3, 5, 6] : SIMULATION_SEEDS.split(',').map(Number)

beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
  vi.spyOn(console, 'error').mockImplementation(() => {})
})

afterEach(startAfresh)

const TIMEOUT_MS = 120_000

it.each(seeds)(
  'SIMULATION_SEEDS=%i: nothing is lost, doubled or out of balance',
  async (seed) => expect(await new Simulation(env, seed).run()).toEqual([]),
  TIMEOUT_MS,
)
