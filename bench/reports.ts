import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ask, askTick, letIn } from './reports/ask.ts'
import { PLAYED, playCompany } from './reports/company.ts'
import type { Asked } from './reports/index.ts'
import { multiply } from './reports/multiply.ts'
import { QUESTIONS } from './reports/questions.ts'
import { bundleWorker, migrate, startBundle } from './targets/worker.ts'

const isQuick = process.argv.includes('--quick')
const MONTHS = isQuick ? [3, 6] : [12, 36]
const CONTRACTS = isQuick ? [20, 100] : [1_000, 10_000]
/** Prints each statement that reads more rows than this. */
const STATEMENTS_FROM = process.argv.includes('--statements') ? 1_000 : Number.POSITIVE_INFINITY
/** Rows read may grow by this factor from the youngest company to the oldest. */
const AGE_MAX = 1.5
/** What may: it holds all documents against all entries, or shows what one contract or customer has had in its years. */
const MAY_GROW = [
  ...['close checklist', 'close page', 'journal of a contract', 'journal of a customer'],
  ...['a customer', 'a contract', 'invoices of a contract', 'schedule'],
]

/** Rows read by each question, in the order of the companies that were asked. */
type Rows = Record<string, Record<string, number>>

/** `npm run bench:reports`: what reports, lists and pages read of small and large, young and old companies. */
async function main(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'accrue-bench-'))
  try {
    const bundle = join(directory, 'bundle')
    await bundleWorker('bench/reports/index.ts', bundle)
    const rows: Rows = {}
    for (const months of MONTHS) await askCompany(bundle, join(directory, `${months}`), months, rows)
    console.table(rows)
    // A young company had no year before: shown, but not judged.
    if (!isQuick) prove(rows)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

async function askCompany(bundle: string, state: string, months: number, rows: Rows): Promise<void> {
  const { worker, port } = await startBundle(bundle, state)
  try {
    await migrate(worker)
    const d1 = (await worker.getD1Database('DB')) as unknown as D1Database
    const url = `http://127.0.0.1:${port}`
    await playCompany(url, months)
    await letIn(d1)
    for (const contracts of CONTRACTS) {
      await multiply(d1, contracts / PLAYED)
      for (const [name, asked] of await askAll(url))
        rows[name] = { ...rows[name], [titleOf(contracts, months)]: rowsOf(asked) }
    }
  } finally {
    await worker.dispose()
  }
}

const titleOf = (contracts: number, months: number): string => `${contracts} × ${months} months`

async function askAll(url: string): Promise<[string, Asked][]> {
  // The first tick does what is due; the second has nothing to do.
  await askTick(url)
  const answers: [string, Asked][] = [['a cron tick with nothing to do', await askTick(url)]]
  for (const [name, path] of QUESTIONS) {
    const asked = await ask(url, path)
    if (asked.status !== 200) throw new Error(`${path} was answered with ${asked.status}`)
    for (const { sql, params, rows } of asked.reads)
      if (rows >= STATEMENTS_FROM) console.log(JSON.stringify({ name, rows, sql, params }))
    answers.push([name, asked])
  }
  return answers
}

const rowsOf = ({ reads }: Asked): number => reads.reduce((sum, { rows }) => sum + rows, 0)

function prove(rows: Rows): void {
  const [young, old] = [MONTHS[0]!, MONTHS.at(-1)!].map((months) => titleOf(CONTRACTS.at(-1)!, months))
  const growing = Object.entries(rows).filter(
    ([name, of]) => !MAY_GROW.includes(name) && of[old!]! > of[young!]! * AGE_MAX,
  )
  if (growing.length > 0) throw new Error(`grows with the years: ${growing.map(([name]) => name).join(', ')}`)
}

await main()
