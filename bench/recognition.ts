import type { Env } from '../src/env.ts'
import { recogniseRevenue } from '../src/revenue/recognition.job.ts'
import { openDb } from '../src/storage/db.store.ts'
import { cpuSeconds } from './cpu.ts'
import { machine } from './machine.ts'
import { signContracts } from './recognition/contracts.ts'
import { emptyDatabase } from './recognition/database.ts'

const COUNTS = [2_500, 5_000, 10_000]
const MONTHS = 12
/** CPU for a contract may grow by this factor from the smallest to the largest count. */
const GROWTH_MAX = 1.5
/** 1,800.00: 1,440.00 for the subscription and 360.00 for the licence. */
const PRICE = 180_000

type Run = {
  contracts: number
  /** Seconds of the clock. */
  plan: number
  months: number
  entries: number
  /** Of this process and of workerd, for a contract and its year; of the clock where there is no /proc. */
  'CPU ms/contract': number
}

/** `npm run bench:recognition`: plans contracts of a year, then posts their twelve months, one run a month. */
async function main(): Promise<void> {
  console.log(machine(undefined))
  const runs: Run[] = []
  for (const contracts of COUNTS) {
    runs.push(await measure(contracts))
    console.table(runs)
  }
  const [first, last] = [runs[0]!, runs.at(-1)!].map((run) => run['CPU ms/contract']) as [number, number]
  console.log(
    `${last} ms of CPU for a contract and its year: ${(last / first).toFixed(2)} of what it takes among fewer`,
  )
  if (last > first * GROWTH_MAX) throw new Error('the time grows faster than the number of contracts')
}

async function measure(contracts: number): Promise<Run> {
  const { d1, close } = await emptyDatabase()
  try {
    await signContracts(openDb(d1), contracts)
    const env = { DB: d1 } as unknown as Env
    // Nothing is over yet at the first instant of the year: this run plans, and posts nothing.
    const before = cpuSeconds([process.pid])
    const plan = await timed(() => runAt(env, Date.UTC(2025, 0, 1)))
    const months = await timed(async () => {
      for (let month = 1; month <= MONTHS; month++) await runAt(env, Date.UTC(2025, month, 1))
    })
    const after = cpuSeconds([process.pid])
    const used = before === undefined || after === undefined ? plan + months : after - before
    await prove(d1, contracts)
    return {
      contracts,
      plan,
      months,
      entries: await countOf(d1, 'journal_entries'),
      'CPU ms/contract': Math.round((used * 100_000) / contracts) / 100,
    }
  } finally {
    await close()
  }
}

async function runAt(env: Env, now: number): Promise<void> {
  while ((await recogniseRevenue(env, now)) === 'more');
}

/** In seconds, to a tenth. */
async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now()
  await work()
  return Math.round((performance.now() - start) / 100) / 10
}

async function prove(d1: D1Database, contracts: number): Promise<void> {
  const revenue = await d1
    .prepare("SELECT -SUM(amount) AS total FROM postings WHERE account = 'revenue'")
    .first<number>('total')
  if (revenue !== contracts * PRICE) throw new Error(`revenue is ${revenue}, not ${contracts * PRICE}`)
}

const countOf = async (d1: D1Database, table: string): Promise<number> =>
  (await d1.prepare(`SELECT COUNT(*) AS rows FROM ${table}`).first<number>('rows')) ?? 0

await main()
