import type { Env } from '../src/env.ts'
import { recogniseRevenue } from '../src/revenue/recognition.job.ts'
import { openDb } from '../src/storage/db.store.ts'
import { machine } from './machine.ts'
import { signContracts } from './recognition/contracts.ts'
import { emptyDatabase } from './recognition/database.ts'

const COUNTS = [2_500, 5_000, 10_000]
const MONTHS = 12
/** Time for a contract may grow by this factor from the smallest to the largest count. */
const GROWTH_MAX = 1.5
/** 1,800.00: 1,440.00 for the subscription and 360.00 for the licence. */
const PRICE = 180_000

type Run = { contracts: number; plan: number; months: number; rows: number; perContract: number }

/** `npm run bench:recognition`: plans contracts of a year, then posts their twelve months, one run a month. */
async function main(): Promise<void> {
  console.log(machine(undefined))
  const runs: Run[] = []
  for (const contracts of COUNTS) {
    runs.push(await measure(contracts))
    console.table(runs)
  }
  const [first, last] = [runs[0]!.perContract, runs.at(-1)!.perContract]
  console.log(
    `${last.toFixed(2)} ms for a contract and its year; ${(last / first).toFixed(2)} of that with fewer contracts`,
  )
  if (last > first * GROWTH_MAX) throw new Error('the time grows faster than the number of contracts')
}

async function measure(contracts: number): Promise<Run> {
  const { d1, close } = await emptyDatabase()
  try {
    await signContracts(openDb(d1), contracts)
    const env = { DB: d1 } as unknown as Env
    // Nothing is over yet at the first instant of the year: this run plans, and posts nothing.
    const plan = await timed(() => runAt(env, Date.UTC(2025, 0, 1)))
    const months = await timed(async () => {
      for (let month = 1; month <= MONTHS; month++) await runAt(env, Date.UTC(2025, month, 1))
    })
    await prove(d1, contracts)
    const rows = await countOf(d1, 'journal_entries')
    return { contracts, plan, months, rows, perContract: ((plan + months) * 1_000) / contracts }
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
