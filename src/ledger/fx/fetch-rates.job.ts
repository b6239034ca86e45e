import { type Env, isSandbox } from '../../env.ts'
import type { Instant } from '../../kernel/calendar.ts'
import { errorText } from '../../kernel/error-text.ts'
import { logError } from '../../log.ts'
import { commit, type Db, openDb } from '../../storage/db.store.ts'
import { ecbSource } from './ecb.client.ts'
import { importRates } from './import-rates.job.ts'
import { isSourceInUse, noteFetch, sourceState } from './rate-fetch.store.ts'
import { isDue, type RateSource } from './rate-source.ts'

const ACTOR = { principal: { id: 'system', label: 'Exchange rates', scopes: [] }, requestId: 'cron' }

/** The sources that this deployment asks. The sandbox asks the one that it is given an address of. */
function sourcesOf(env: Env): RateSource[] {
  const url = env.ECB_RATES_URL
  if (url === '' || (url === undefined && isSandbox(env))) return []
  return [ecbSource(url)]
}

/** Fetches the exchange rates that are out and not there yet. A source that fails is asked again later. */
export async function fetchExchangeRates(env: Env, now: Instant): Promise<void> {
  for (const source of sourcesOf(env)) await fetchFrom(openDb(env.DB), source, now)
}

/** The same for one source. Books that have no other currency need none, and nobody is asked for them. */
export async function fetchFrom(db: Db, source: RateSource, now: Instant): Promise<void> {
  const state = await sourceState(db, source.name)
  if (!isDue(source, state, now) || !(await isSourceInUse(db, source.name))) return
  const failure = await failureOf(() => keepRates(db, source, state.latestDay, now))
  await commit(db, [noteFetch(db, source.name, now, failure)])
}

/** Only days that are not there yet: a day keeps the rates that it was first published with. */
async function keepRates(db: Db, source: RateSource, after: string | undefined, now: Instant): Promise<void> {
  const rates = await source.fetchRates({ after, upTo: source.lastDay(now) })
  const added = rates.filter(({ date }) => after === undefined || date > after)
  await importRates(db, { ...ACTOR, now }, source.name, added)
}

async function failureOf(work: () => Promise<void>): Promise<string | null> {
  try {
    await work()
    return null
  } catch (error) {
    logError(error, { job: 'fetchExchangeRates' })
    return errorText(error).message
  }
}
