import { openDb } from '../src/storage/db.store.ts'
import { type Books, booksOver } from './close/books.ts'
import { signContracts } from './close/contracts.ts'
import { closeMonth, playMonth } from './close/months.ts'
import { cpuSeconds } from './cpu.ts'
import { machine } from './machine.ts'
import { emptyDatabase } from './recognition/database.ts'

const COUNTS = process.argv.includes('--quick') ? [50, 100, 200] : [500, 1_000, 2_000]
const CONTRACTS_OF_YEARS = process.argv.includes('--quick') ? 10 : 50
const MONTHS = 24
/** CPU for a contract may grow by this factor: with the number of contracts, and with the years before. */
const GROWTH_MAX = 1.5

type Run = {
  contracts: number
  /** Of the close; months are counted from 1. */
  month: number
  seconds: number
  'CPU ms/contract': number
  'statements/contract': number
  'calls to meters/contract': number
}

/** `npm run bench:close`: closes a month of more and more contracts, then each month of two years. */
async function main(): Promise<void> {
  console.log(machine(undefined))
  const runs: Run[] = []
  for (const contracts of COUNTS) {
    // The second month: the one before it has warmed everything up.
    runs.push(...(await closesOf(contracts, 2)).slice(1))
    console.table(runs)
  }
  compare('contracts', runs[0]!, runs.at(-1)!)
  const years = await closesOf(CONTRACTS_OF_YEARS, MONTHS)
  console.table(years.filter(({ month }) => month === 2 || month % 6 === 0))
  compare('months', median(years.slice(1, 6)), median(years.slice(-5)))
}

function compare(of: string, first: Run, last: Run): void {
  const growth = last['CPU ms/contract'] / first['CPU ms/contract']
  console.log(`CPU for a contract, by the number of ${of}: ${growth.toFixed(2)} of what it takes among fewer`)
  if (growth > GROWTH_MAX) throw new Error(`the time of a close grows with the ${of}`)
}

const median = (runs: readonly Run[]): Run =>
  runs.toSorted((a, b) => a['CPU ms/contract'] - b['CPU ms/contract'])[Math.floor(runs.length / 2)]!

async function closesOf(contracts: number, months: number): Promise<Run[]> {
  const { d1, close } = await emptyDatabase()
  try {
    await signContracts(openDb(d1), contracts)
    const books = booksOver(d1)
    const runs: Run[] = []
    for (let month = 0; month < months; month++) {
      await playMonth(books, month)
      runs.push(await measured(books, contracts, month))
    }
    await prove(d1)
    return runs
  } finally {
    await close()
  }
}

async function measured(books: Books, contracts: number, month: number): Promise<Run> {
  const asked = { ...books.asked }
  const [start, before] = [performance.now(), cpuSeconds([process.pid])]
  await closeMonth(books, month)
  const [seconds, after] = [(performance.now() - start) / 1000, cpuSeconds([process.pid])]
  const used = before === undefined || after === undefined ? seconds : after - before
  const each = (total: number) => Math.round((total / contracts) * 100) / 100
  return {
    contracts,
    month: month + 1,
    seconds: Math.round(seconds * 10) / 10,
    'CPU ms/contract': each(used * 1000),
    'statements/contract': each(books.asked.statements - asked.statements),
    'calls to meters/contract': each(books.asked.meters - asked.meters),
  }
}

/** Balances as the close has presented them: receivables are paid, and what is unbilled stands on accounts of its own. */
async function prove(d1: D1Database): Promise<void> {
  const { results } = await d1
    .prepare('SELECT account, SUM(amount) AS net FROM postings GROUP BY account')
    .all<{ account: string; net: number }>()
  const net = new Map(results.map((row) => [row.account, row.net]))
  const total = results.reduce((sum, row) => sum + row.net, 0)
  if (total !== 0 || net.get('accounts_receivable') !== 0 || !net.get('unbilled_receivable') !== true)
    throw new Error(`the books are not as they ought to be: ${JSON.stringify(results)}`)
}

await main()
