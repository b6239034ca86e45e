import { expect, it } from 'vitest'
import { idempotencyKeys, loginLinks, sessions } from '../../src/access/access.schema.ts'
import { forgetExpired } from '../../src/access/retention.job.ts'
import { openDb } from '../../src/storage/db.store.ts'
import { env } from '../support/worker.ts'

const DAY = 86_400_000

it('forgets answers after a week, and sessions and links when they have ended', async () => {
  const db = openDb(env.DB)
  const now = Date.now()
  const answer = (key: string, startedAt: number) => ({ principal: 'p', key, requestHash: 'h', startedAt })
  await db.insert(idempotencyKeys).values([answer('old', now - 8 * DAY), answer('new', now - 6 * DAY)])
  const ends = [
    { tokenHash: 'over', email: 'ada@lumen.example', expiresAt: now - 1 },
    { tokenHash: 'open', email: 'ada@lumen.example', expiresAt: now + DAY },
  ]
  await db.insert(loginLinks).values(ends)
  await db.insert(sessions).values(ends.map((end) => ({ ...end, createdAt: now - DAY })))

  await forgetExpired(env, now)
  expect((await db.select().from(idempotencyKeys)).map(({ key }) => key)).toEqual(['new'])
  for (const table of [loginLinks, sessions]) {
    expect((await db.select().from(table)).map(({ tokenHash }) => tokenHash)).toEqual(['open'])
  }
})
