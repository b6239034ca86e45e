import type { Env } from '../env.ts'
import { Problem } from '../kernel/problem.ts'

export type Mail = {
  to: string[]
  subject: string
  html: string
  text: string
  attachments?: { filename: string; type: string; content: Uint8Array }[]
  /** Names the cause, so that a mail sent twice after a crash can be told apart from two mails. */
  reference: string
}

/** Sends through the Cloudflare Email binding; in the sandbox it becomes files under .wrangler/tmp/email. */
export async function sendMail(env: Env, mail: Mail): Promise<void> {
  if (!env.MAIL_FROM)
    throw new Problem(503, 'mail_not_set_up', 'Set MAIL_FROM to an address of your e-mail domain.')
  await env.EMAIL.send({
    from: env.MAIL_FROM,
    to: mail.to,
    // A line break in a name must not begin another header.
    subject: mail.subject.replace(/\p{Cc}+/gu, ' '),
    html: mail.html,
    text: mail.text,
    headers: { 'X-Entity-Ref-ID': mail.reference },
    ...(mail.attachments && {
      attachments: mail.attachments.map((file) => ({
        filename: file.filename,
        type: file.type,
        disposition: 'attachment' as const,
        content: file.content,
      })),
    }),
  })
}
