import { type Actor, audit } from '../../access/access.store.ts'
import { conflict } from '../../kernel/problem.ts'
import { commit, type Db, insertRows } from '../../storage/db.store.ts'
import { fxRates } from './fx.schema.ts'
import type { FxRate } from './rate.ts'
import { publishedRates } from './rates.store.ts'

/**
 * Keeps rates as a source published them. What is there already with the same rate is left as it is, so that a file may
 * be sent again, or overlap with another. Tells how many are new and how many were known.
 *
 * @throws Problem 409 `fx_rate_differs`: a rate of that source, pair and day is there, or stands in the file twice, with
 * another value. Books were measured with it; nothing of the file is kept.
 */
export async function importRates(
  db: Db,
  actor: Actor,
  source: string,
  rates: readonly FxRate[],
): Promise<{ imported: number; known: number }> {
  const days = rates.map(({ date }) => date).sort()
  const [from = '', to = from] = [days[0], days.at(-1)]
  const added = unknownOf(source, rates, await publishedRates(db, source, { from, to }))
  const imported = added.length
  if (imported === 0) return { imported, known: rates.length }
  const rows = added.map((rate) => ({ ...rate, source, importedAt: actor.now }))
  await commit(db, [
    ...insertRows(db, fxRates, rows, { ignoreExisting: true }),
    ...audit(db, actor, { action: 'fx_rates.import', subject: source, after: { imported, from, to } }),
  ])
  return { imported, known: rates.length - imported }
}

/** The rates that are not there yet, each once. */
function unknownOf(source: string, rates: readonly FxRate[], there: readonly FxRate[]): FxRate[] {
  const known = new Map(there.map((rate) => [keyOf(rate), rate.rate]))
  return rates.filter((rate) => {
    const before = known.get(keyOf(rate))
    if (before !== undefined && before !== rate.rate) throw differs(source, rate, before)
    known.set(keyOf(rate), rate.rate)
    return before === undefined
  })
}

const keyOf = ({ base, quote, date }: FxRate): string => `${base}/${quote} ${date}`

const differs = (source: string, { base, quote, date, rate }: FxRate, before: string) =>
  conflict(
    'fx_rate_differs',
    `The rate ${base}/${quote} of ${date} from "${source}" is ${before}, not ${rate}. Books are measured with it, so it stays; send rates of another origin under a source of their own.`,
  )
