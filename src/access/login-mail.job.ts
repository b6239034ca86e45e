import { realTime } from '../clock/clock.store.ts'
import { sendMail } from '../delivery/mail.client.ts'
import type { EffectContext } from '../delivery/outbox.job.ts'
import { Problem } from '../kernel/problem.ts'
import { createLoginToken } from './session.store.ts'

/** Mails a one-time sign-in link. The token is made here, so that it lies in no table but as a hash. */
export async function mailLoginLink({ env, db }: EffectContext, { email }: { email: string }): Promise<void> {
  if (!env.PUBLIC_URL)
    throw new Problem(503, 'public_url_not_set', 'Set PUBLIC_URL to the address of this deployment.')
  const token = await createLoginToken(db, email, realTime())
  if (!token) return
  const url = `${env.PUBLIC_URL.replace(/\/$/, '')}/login/${token}`
  await sendMail(env, {
    to: [email],
    subject: 'Sign in to Accrue',
    text: `Open this link to sign in. It works once, for 15 minutes.\n\n${url}\n`,
    html: `<p>Open this link to sign in. It works once, for 15 minutes.</p><p><a href="${url}">Sign in to Accrue</a></p>`,
    reference: `login ${email}`,
  })
}
