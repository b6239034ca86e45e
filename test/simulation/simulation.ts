import {
  abortAllDurableObjects,
  createExecutionContext,
  evictAllDurableObjects,
  runDurableObjectAlarm,
  waitOnExecutionContext,
} from 'cloudflare:test'
import { createApp } from '../../src/app.ts'
import { setSandboxTime } from '../../src/clock/clock.store.ts'
import type { CycleMessage, Env } from '../../src/env.ts'
import { claimDueContracts, closeClaimed } from '../../src/invoicing/cycle/cycle.job.ts'
import { measureForeignEntries } from '../../src/ledger/fx/measure.job.ts'
import { countMonthEnds } from '../../src/ledger/month-ends/count-month-ends.job.ts'
import { accrueRevenue } from '../../src/revenue/accrual/accrue.job.ts'
import { recogniseRevenue } from '../../src/revenue/recognition.job.ts'
import { shardName } from '../../src/usage/shards.ts'
import { auditRecomputed } from './audit-recomputed.ts'
import { auditUsageList, type ListedEvent } from './audit-usage.ts'
import { Auditor } from './auditor.ts'
import { Bargains } from './bargains.ts'
import { Bookkeepers } from './bookkeepers.ts'
import { Correctors } from './correctors.ts'
import type { Facts } from './facts.ts'
import { inBadWeather, type Weather } from './faults.ts'
import { auditForgeries } from './forgeries.ts'
import { Payers } from './payers.ts'
import { Producers } from './producers.ts'
import { Random } from './random.ts'
import { askFor, makeWorld, WORLD_START, type World } from './world.ts'

const HOUR_MS = 3_600_000
const STEPS = 10
/** A step at which the books are made again while everything is under way. */
const MIDDLE = 5
const ATTEMPTS_MAX = 60
/** Longer than a claim of due contracts is held. */
const LEASE_OVER_MS = 6 * 60_000
/** Longer than any service that is paid in advance. */
const ALL_SERVED_MS = 100 * 24 * HOUR_MS

export type Answer = { status: number; json: unknown }

/** One seeded run: months of business in bad weather, looked at by the auditor after each step and at the end. */
export class Simulation {
  readonly #env: Env
  readonly #badEnv: Env
  readonly #random: Random
  readonly #weather: Weather = { failure: 0.12 }
  readonly #queue: CycleMessage[] = []
  readonly #world: World
  readonly #facts: Facts
  readonly #auditor: Auditor
  readonly #producers: Producers
  readonly #payers: Payers
  readonly #correctors: Correctors
  readonly #bookkeepers: Bookkeepers
  readonly #bargains: Bargains
  readonly #app = createApp()
  readonly #shards = new Map<string, number>()
  #now = WORLD_START

  constructor(env: Env, seed: number) {
    this.#env = env
    this.#random = new Random(seed)
    this.#badEnv = inBadWeather(env, this.#random, this.#weather, this.#queue)
    this.#world = makeWorld(this.#random, seed)
    this.#facts = { ...this.#world, usage: [], money: [] }
    this.#auditor = new Auditor(env.DB, this.#facts)
    const send = this.#send.bind(this)
    this.#producers = new Producers(this.#random, this.#facts, send)
    this.#payers = new Payers(this.#random, this.#facts, env.DB, send)
    this.#correctors = new Correctors(this.#random, this.#facts, env.DB, send)
    this.#bookkeepers = new Bookkeepers(this.#random, this.#world.entities, send)
    this.#bargains = new Bargains(this.#random, this.#world.contracts[0]!, send)
  }

  /** What the auditor found wrong; nothing, if all is well. */
  async run(): Promise<string[]> {
    await setSandboxTime(this.#env, this.#now)
    for (const { path, body } of askFor(this.#world)) await this.#send('POST', path, body)
    await this.#bargains.agree()
    for (let step = 0; step < STEPS; step++) {
      await this.#step()
      const findings = await this.#auditor.look({ now: this.#now })
      if (step === MIDDLE) findings.push(...(await this.#recompute()))
      if (findings.length > 0) return findings
    }
    return this.#end()
  }

  /** Some time goes by, and everyone does something, in no particular order. */
  async #step(): Promise<void> {
    const before = this.#now
    await this.#goTo(this.#now + this.#random.int(2, this.#random.chance(0.1) ? 900 : 96) * HOUR_MS)
    this.#producers.use(before, this.#now)
    const deeds = [
      () => this.#producers.report(),
      () => this.#tick(),
      () => this.#deliver(),
      () => this.#tick(),
      () => this.#deliver(),
      () => this.#payers.pay(this.#now),
      () => this.#correctors.correct(),
      () => this.#bargains.change(this.#now),
      () => this.#bookkeepers.keep(this.#now),
      () => this.#recognise(),
      () => this.#disturb(),
      () => this.#archive(),
      () => this.#spread(),
    ]
    for (const deed of this.#random.shuffle(deeds)) await deed()
  }

  /**
   * The weather clears up, everything that is under way arrives, and every contract closes two cycles more (the usage
   * of the next one may be sealed already, by a close whose commit was lost): after that the books must be complete, and
   * after all service was given nothing may be left to recognise.
   */
  async #end(): Promise<string[]> {
    this.#weather.failure = 0
    await this.#producers.reportAll()
    for (let closes = 0; closes < 2; closes++) {
      await this.#goTo(await this.#afterNextCloses())
      await this.#settle()
    }
    await this.#payers.pay(this.#now)
    await this.#bargains.settle(this.#now)
    await this.#bookkeepers.importRates(this.#now)
    await recogniseRevenue(this.#env, this.#now)
    await measureForeignEntries(this.#env, this.#now)
    const findings = await this.#auditor.look({ now: this.#now, complete: true })
    findings.push(...(await this.#auditUsage()))
    if (findings.length > 0) return findings
    const served = this.#now + ALL_SERVED_MS
    await recogniseRevenue(this.#env, served)
    return [
      ...(await this.#auditor.look({ now: served, complete: true, allServed: true })),
      ...(await this.#recompute()),
      ...(await auditForgeries(this.#env.DB, (facts) => this.#recompute(facts))),
    ]
  }

  async #auditUsage(): Promise<string[]> {
    const findings: string[] = []
    for (const customer of this.#world.customers) {
      const listed: ListedEvent[] = []
      for (let cursor = ''; ; ) {
        const path = `/api/usage/events?customer_ref=${customer}&limit=200${cursor}`
        const { json } = await this.#send('GET', path, undefined)
        const page = json as { data: ListedEvent[]; next_cursor: string | null }
        listed.push(...page.data)
        if (page.next_cursor === null) break
        cursor = `&cursor=${page.next_cursor}`
      }
      findings.push(...auditUsageList(customer, listed, this.#facts.usage))
    }
    return findings
  }

  /** All facts, or those of a kind. */
  async #recompute(facts?: string): Promise<string[]> {
    return auditRecomputed(async (path) => (await this.#send('GET', path, undefined)).json, facts)
  }

  async #goTo(now: number): Promise<void> {
    this.#now = now
    await setSandboxTime(this.#env, now)
  }

  async #tick(): Promise<void> {
    await survive(() => claimDueContracts(this.#badEnv, this.#now))
  }

  /** Messages come late, out of order, twice, at the same time, or never. */
  async #deliver(): Promise<void> {
    const fates = this.#random
      .shuffle(this.#queue.splice(0))
      .map((message) => ({ message, fate: this.#fate() }))
    this.#queue.push(...fates.filter(({ fate }) => fate === 'late').map(({ message }) => message))
    const arriving = fates.flatMap(({ message, fate }) =>
      fate === 'once' ? [message] : fate === 'twice' ? [message, message] : [],
    )
    await Promise.all(
      arriving.map((message) => survive(() => closeClaimed(this.#badEnv, message, this.#now))),
    )
  }

  #fate(): 'once' | 'twice' | 'late' | 'never' {
    return this.#random.pick(['once', 'once', 'twice', 'late', 'never'] as const)
  }

  async #recognise(): Promise<void> {
    const runs = this.#random.chance(0.4) ? 2 : 1
    if (this.#random.chance(0.5)) await survive(() => measureForeignEntries(this.#badEnv, this.#now))
    await survive(() => countMonthEnds(this.#badEnv, this.#now))
    await Promise.all(
      Array.from({ length: runs }, async () => {
        await survive(() => accrueRevenue(this.#badEnv, this.#now))
        await survive(() => recogniseRevenue(this.#badEnv, this.#now))
      }),
    )
  }

  /** The meters lose their memory, gently or all at once; what they have answered for must still be there. */
  async #disturb(): Promise<void> {
    if (this.#random.chance(0.3)) await abortAllDurableObjects()
    else await evictAllDurableObjects()
  }

  /** Some meters put their log into the archive, whatever they are at. */
  async #archive(): Promise<void> {
    const names = this.#world.customers.flatMap((customer) =>
      Array.from({ length: this.#shards.get(customer) ?? 1 }, (_, shard) => shardName(customer, shard)),
    )
    for (const name of names.filter(() => this.#random.chance(0.2)))
      await runDurableObjectAlarm(this.#env.USAGE_METER.getByName(name))
  }

  /** A customer becomes too much for one object, and then for two. */
  async #spread(): Promise<void> {
    if (!this.#random.chance(0.3)) return
    const customer = this.#random.pick(this.#world.customers)
    const shards = (this.#shards.get(customer) ?? 1) * 2
    if (shards > 4) return
    await this.#send('POST', `/api/usage/meters/${customer}`, { shards })
    this.#shards.set(customer, shards)
  }

  async #afterNextCloses(): Promise<number> {
    const row = await this.#env.DB.prepare('SELECT MAX(next_close_at) AS at FROM contracts').first<{
      at: number
    }>()
    return Math.max(row?.at ?? 0, this.#now) + HOUR_MS
  }

  async #settle(): Promise<void> {
    for (let round = 0; round < ATTEMPTS_MAX; round++) {
      await this.#tick()
      for (const message of this.#queue.splice(0)) await closeClaimed(this.#badEnv, message, this.#now)
      const due = await this.#env.DB.prepare(
        'SELECT count(*) AS count FROM contracts WHERE next_close_at <= ?',
      )
        .bind(this.#now)
        .first<{ count: number }>()
      if (due?.count === 0) return
      await this.#goTo(this.#now + LEASE_OVER_MS)
    }
    throw new Error('contracts stay due for ever')
  }

  /** Sends a request again and again, as a good client does, until there is an answer that is not a failure. */
  async #send(
    method: string,
    path: string,
    body: unknown,
    contentType = 'application/json',
  ): Promise<Answer> {
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      const context = createExecutionContext()
      const request = new Request(`http://accrue.test${path}`, {
        method,
        headers: { authorization: 'Bearer sandbox_admin_key', 'content-type': contentType },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      const response = await this.#app.fetch(request, this.#badEnv, context)
      const json = await response.json<{ code?: string }>()
      await waitOnExecutionContext(context)
      if (response.status < 500 && json.code !== 'invoice_contended') return { status: response.status, json }
    }
    throw new Error(`${method} ${path} never got an answer`)
  }
}

/** A job that fails is started again by the next tick. */
async function survive(job: () => Promise<unknown>): Promise<void> {
  try {
    await job()
  } catch (error) {
    if (!(error instanceof Error && causes(error).some((message) => message.includes('connection lost'))))
      throw error
  }
}

function causes(error: Error): string[] {
  return [error.message, ...(error.cause instanceof Error ? causes(error.cause) : [])]
}
