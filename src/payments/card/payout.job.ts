import { findEntity, listEntities } from '../../customers/customers.store.ts'
import type { EffectContext } from '../../delivery/outbox.job.ts'
import { type Instant, localDate } from '../../kernel/calendar.ts'
import { postEntries } from '../../ledger/ledger.store.ts'
import { closedPeriods } from '../../ledger/periods.store.ts'
import { commit } from '../../storage/db.store.ts'
import { tryAgain } from '../undo.job.ts'
import { type Payout, type PayoutState, payoutEntries, payoutState, splitPayout } from './payout.ts'
import { contentsOfPayout } from './payout-contents.job.ts'
import {
  assignTransactions,
  movePayout,
  partsOfPayout,
  writePayouts,
  writeTransactions,
} from './payouts.store.ts'
import { type StripePayout, stripeClient } from './stripe.client.ts'
import { fromStripeAmount } from './stripe-amount.ts'

/**
 * Brings our books to what a payout is at Stripe now. What it is made of is written once, as soon as Stripe tells; each
 * seller's part then goes from Stripe clearing to cash when it is paid. A payout that somebody made by hand is not told
 * apart by Stripe, and is left to people.
 */
export const settlePayout = (context: EffectContext, payoutId: string): Promise<void> =>
  tryAgain(async () => {
    const found = await stripeClient(context.env).payouts.retrieve(payoutId)
    if (!found.automatic || found.reconciliation_status !== 'completed') return
    const known = await partsOfPayout(context.db, found.id)
    if (known.length === 0) await recordPayout(context, found)
    else await movePayouts(context, known, found)
  })

async function recordPayout(context: EffectContext, found: StripePayout): Promise<void> {
  const { db, now } = context
  const contents = await contentsOfPayout(context, found)
  const currency = found.currency.toUpperCase()
  const {
    rows: [first],
  } = await listEntities(db, { limit: 1 })
  const state = payoutState(found.status)
  const facts = {
    processorRef: found.id,
    currency,
    total: fromStripeAmount(found.amount, currency),
    state,
    arrivesOn: localDate(found.arrival_date * 1000, first?.timezone ?? 'UTC'),
    descriptor: found.statement_descriptor,
    traceId: found.trace_id?.value ?? null,
    recordedAt: now,
    paidAt: state === 'paid' ? now : null,
    returnedAt: null,
  }
  const parts = splitPayout(facts, contents.parts)
  const closed = await closedPeriods(
    db,
    parts.map(({ entityRef }) => entityRef),
  )
  await commit(db, [
    ...writePayouts(db, parts),
    ...parts.flatMap((part) => {
      const mine = contents.transactions.filter(({ entityRef }) => entityRef === part.entityRef)
      return [
        assignTransactions(
          db,
          part,
          mine.map(({ id }) => id),
        ),
        ...writeTransactions(
          db,
          mine.filter(({ id }) => !contents.known.has(id)).map((moved) => ({ ...moved, payoutId: part.id })),
          closed,
        ),
        ...postEntries(db, payoutEntries(part, undefined, part.arrivesOn, now), closed),
      ]
    }),
  ])
}

/** Each part moves on by itself, so that one of them taken twice is nothing. */
async function movePayouts(
  { db, now }: EffectContext,
  known: readonly Payout[],
  { status }: StripePayout,
): Promise<void> {
  const state = payoutState(status)
  for (const part of known.filter((each) => each.state !== state)) {
    const entity = await findEntity(db, part.entityRef)
    const moved = movedTo(part, state, now)
    const today = localDate(now, entity?.timezone ?? 'UTC')
    const closed = await closedPeriods(db, [part.entityRef])
    await commit(db, [
      movePayout(db, moved),
      ...postEntries(db, payoutEntries(moved, part.state, today, now), closed),
    ])
  }
}

const movedTo = (part: Payout, state: PayoutState, now: Instant): Payout => ({
  ...part,
  state,
  paidAt: state === 'paid' ? now : part.paidAt,
  returnedAt: state === 'failed' && part.state === 'paid' ? now : part.returnedAt,
})
