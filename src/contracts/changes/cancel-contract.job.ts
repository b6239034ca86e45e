import { type Actor, audit } from '../../access/access.store.ts'
import type { LocalDate } from '../../kernel/calendar.ts'
import { invalid } from '../../kernel/problem.ts'
import type { Db } from '../../storage/db.store.ts'
import type { Contract } from '../contract.ts'
import { lastBoundary } from '../periods/schedule.ts'
import { dateAt } from '../periods/zone.ts'
import { type CancelBy, cancelOn, earliestEnd } from './cancellation.ts'
import { commitVersion, knownContract, refuseOver } from './commit-version.job.ts'

type AskedCancellation = {
  end_date?: LocalDate | undefined
  reason?: string | undefined
  by?: CancelBy | undefined
}

const AT_PERIOD_END: CancelBy = { mode: 'period_end', dayIsUsed: false }

/**
 * Ends a contract: at the end of what is billed in advance or on a later day, or now. What was billed stays billed; what is
 * still to be billed up to the end will be, and `now_with_credit` gives back what was billed for the days after it.
 * Cancelling again, not asking for an earlier day, changes nothing. Throws `end_date_not_open`, `contract_over` and what
 * a new version throws.
 */
export async function cancelContract(
  db: Db,
  actor: Actor,
  ref: string,
  { end_date: asked, reason, by = AT_PERIOD_END }: AskedCancellation,
): Promise<Contract> {
  const contract = await knownContract(db, ref)
  const { terms, status, version } = contract
  const earliest = status === 'draft' ? terms.start_date : earliestEnd(contract, dateAt(terms, actor.now), by)
  const end = asked ?? earliest
  const isEarlier = by.mode !== 'period_end' && terms.end_date !== null && end < terms.end_date
  if (status === 'cancelled' && (asked === undefined ? !isEarlier : asked === terms.end_date)) return contract
  refuseOver(contract)
  refuseEnd(end, earliest, terms.end_date)
  const cancelled: Contract = {
    ...contract,
    ...cancelOn(contract, end, by.mode === 'now_with_credit'),
    status: 'cancelled',
    version: version + 1,
  }
  const fromBoundary = lastBoundary(cancelled.terms) ?? contract.nextCycle
  const log = { action: 'contract.cancel', subject: ref, before: terms, after: cancelled.terms }
  const facts = { effectiveDate: end, fromBoundary, reason: reason ?? null }
  await commitVersion(db, actor, cancelled, facts, audit(db, actor, log))
  return cancelled
}

function refuseEnd(end: LocalDate, earliest: LocalDate, latest: LocalDate | null): void {
  if (end >= earliest && (latest === null || end <= latest)) return
  const message = `must be ${earliest} or later${latest === null ? '' : ` and no later than ${latest}`}`
  throw invalid(
    'end_date_not_open',
    `A contract ends at the end of what is billed in advance or later, and with \`now_with_credit\` or \`now_without_credit\` today at the earliest: ${message}.`,
    [{ path: 'end_date', message }],
  )
}
