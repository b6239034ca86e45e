import { forgetExpired } from './access/retention.job.ts'
import { renewContracts } from './contracts/changes/renew.job.ts'
import { lapseCredits } from './credits/lapse.job.ts'
import { dispatchOutbox } from './delivery/outbox.job.ts'
import type { Env } from './env.ts'
import { claimDueContracts } from './invoicing/cycle/cycle.job.ts'
import { fetchExchangeRates } from './ledger/fx/fetch-rates.job.ts'
import { measureForeignEntries } from './ledger/fx/measure.job.ts'
import { countMonthEnds } from './ledger/month-ends/count-month-ends.job.ts'
import { logError } from './log.ts'
import { valueTokens } from './payments/crypto/value-tokens.job.ts'
import { watchChains } from './payments/crypto/watch.job.ts'
import { accrueRevenue } from './revenue/accrual/accrue.job.ts'
import { recogniseRevenue } from './revenue/recognition.job.ts'
import { announceEvents } from './webhooks/announce.job.ts'
import { forgetDeliveries } from './webhooks/forget.job.ts'
import { tellOverdue } from './webhooks/overdue.job.ts'

/**
 * What each minute brings. Every job looks for what is due and not yet done, so a tick that is missed, late or
 * repeated changes nothing but the time it takes.
 */
const JOBS = {
  renewContracts,
  lapseCredits,
  claimDueContracts,
  recogniseRevenue,
  accrueRevenue,
  measureForeignEntries,
  countMonthEnds,
  watchChains,
  valueTokens,
  tellOverdue,
  announceEvents,
  dispatchOutbox,
  forgetDeliveries,
  forgetExpired,
  // Last: it may wait for an answer from outside.
  fetchExchangeRates,
}

/** Runs every job once; one that fails is logged and does not keep the others from running. */
export async function tick(env: Env, now: number): Promise<void> {
  for (const [name, job] of Object.entries(JOBS)) {
    try {
      await job(env, now)
    } catch (error) {
      logError(error, { job: name })
    }
  }
}
