import { type Actor, audit } from '../access/access.store.ts'
import { notFound } from '../kernel/problem.ts'
import { commit, type Db } from '../storage/db.store.ts'
import { findParked, type ParkedEffect, sendAgain } from './parked.store.ts'

/**
 * Has an effect that failed for the last time attempted again, as often as one that was asked for just now. Effects are
 * idempotent, so what had got through after all is not done twice. Throws `parked_effect_not_found`.
 */
export async function retryParked(db: Db, actor: Actor, id: string): Promise<ParkedEffect> {
  const effect = await findParked(db, id)
  if (!effect) throw notFound('parked effect', id)
  const { topic, lastError } = effect
  await commit(db, [
    sendAgain(db, id, actor.now),
    ...audit(db, actor, { action: 'effect.send_again', subject: id, before: { topic, lastError } }),
  ])
  return effect
}
