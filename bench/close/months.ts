import { takeCloseSteps } from '../../src/closing/close-entries.job.ts'
import { addDays, addMonths, type Instant, monthOf } from '../../src/kernel/calendar.ts'
import { Problem } from '../../src/kernel/problem.ts'
import { countMonthEnds } from '../../src/ledger/month-ends/count-month-ends.job.ts'
import { accrueRevenue } from '../../src/revenue/accrual/accrue.job.ts'
import { recogniseRevenue } from '../../src/revenue/recognition.job.ts'
import { openDb } from '../../src/storage/db.store.ts'
import { billAndPay } from './bill.ts'
import type { Books } from './books.ts'
import { ENTITY } from './contracts.ts'

const DAY_MS = 24 * 60 * 60_000
const firstOf = (month: number) => addMonths('2025-01-01', month)

/** Up to the first of the month after one, the first of which is 0: invoices go out on the 15th, and revenue is posted. */
export async function playMonth(books: Books, month: number): Promise<void> {
  await billAndPay(books, Date.parse(addDays(firstOf(month), 14)))
  while ((await recogniseRevenue(books.env, Date.parse(firstOf(month + 1)))) === 'more');
}

/** What a month's close takes: its steps as a lock takes them, asked again until they are through, and what is kept. */
export async function closeMonth(books: Books, month: number): Promise<void> {
  const now = Date.parse(firstOf(month + 1)) + DAY_MS
  while (!(await tryToClose(books, month, now))) await goOn(books, now)
  await countMonthEnds(books.env, now + DAY_MS)
}

async function tryToClose({ env }: Books, month: number, now: Instant): Promise<boolean> {
  try {
    await takeCloseSteps(env, openDb(env.DB), now, monthOf(firstOf(month)), [ENTITY])
    return true
  } catch (error) {
    if (error instanceof Problem && error.code === 'accruals_going_on') return false
    throw error
  }
}

/** Takes the messages that let a long accrual follow itself. */
async function goOn({ env, queue }: Books, now: Instant): Promise<void> {
  for (let message = queue.shift(); message; message = queue.shift()) await accrueRevenue(env, now)
}
