import { type Actor, audit } from '../access/access.store.ts'
import type { Env } from '../env.ts'
import { conflict } from '../kernel/problem.ts'
import { commit, type Db } from '../storage/db.store.ts'
import { askMeter } from './ask-meter.job.ts'
import { CellSums } from './bucket.ts'
import { type MeterFacts, sumOfFacts } from './meter/meter-facts.job.ts'
import type { SpreadSetting } from './meter/spread.store.ts'
import type { Difference, ProductTotal, ShardCheck } from './meter/verify.job.ts'

export type MeterState = MeterFacts & { shards: number; automatic: boolean }

/** What was found in all objects of a meter. */
export type MeterCheck = {
  ok: boolean
  segments: number
  products: ProductTotal[]
  faults: string[]
  differences: (Difference & { shard: number })[]
}

export async function meterState(env: Env, customerRef: string): Promise<MeterState> {
  const setting = await askMeter(env, customerRef, (main) => main.setting() as Promise<SpreadSetting>)
  const facts = await askMeter(env, customerRef, (main) => main.facts() as Promise<MeterFacts[]>)
  return { ...sumOfFacts(facts), shards: setting.spread.at(-1)!, automatic: setting.automatic }
}

/**
 * Spreads a meter further, or lets it do so by itself. Throws a Problem `shards_only_grow`: events stay where they
 * were counted.
 */
export async function setMeter(
  env: Env,
  db: Db,
  actor: Actor,
  customerRef: string,
  setting: { shards?: number | undefined; automatic?: boolean | undefined },
): Promise<MeterState> {
  const before = await askMeter(env, customerRef, (main) => main.setting() as Promise<SpreadSetting>)
  const shards = before.spread.at(-1)!
  if (setting.shards !== undefined && setting.shards < shards) {
    throw conflict(
      'shards_only_grow',
      `The meter of "${customerRef}" is spread over ${shards} objects, and stays so: the number only grows.`,
    )
  }
  const after = await askMeter(env, customerRef, (main) => main.spreadTo(setting) as Promise<SpreadSetting>)
  const change = {
    action: 'usage_meter.set',
    subject: customerRef,
    before: shown(before),
    after: shown(after),
  }
  await commit(db, audit(db, actor, change))
  return meterState(env, customerRef)
}

/** Proves a meter's totals by its events; `mend` makes wrong ones again. */
export async function checkMeter(env: Env, customerRef: string, mend: boolean): Promise<MeterCheck> {
  const checks = await askMeter(env, customerRef, (main) => main.verify(mend) as Promise<ShardCheck[]>)
  const products = new CellSums()
  for (const { productRef, quantity, events } of checks.flatMap((check) => check.products))
    products.addText([productRef, 0, quantity, events])
  const faults = checks.flatMap(({ shard, faults }) => faults.map((fault) => `shard ${shard}: ${fault}`))
  const differences = checks.flatMap(({ shard, differences }) =>
    differences.map((difference) => ({ ...difference, shard })),
  )
  return {
    ok: faults.length === 0 && differences.length === 0,
    segments: checks.reduce((segments, check) => segments + check.segments, 0),
    products: products.texts().map(([productRef, , quantity, events]) => ({ productRef, events, quantity })),
    faults,
    differences,
  }
}

/** `checkMeter` with mending, written down. */
export async function rebuildMeter(env: Env, db: Db, actor: Actor, customerRef: string): Promise<MeterCheck> {
  const check = await checkMeter(env, customerRef, true)
  const { differences, faults } = check
  const after = { differences: differences.slice(0, 100), faults }
  await commit(db, audit(db, actor, { action: 'usage_meter.rebuild', subject: customerRef, after }))
  return check
}

const shown = ({ spread, automatic }: SpreadSetting) => ({ shards: spread.at(-1), automatic })
