import { cp, mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'

type SentMail = { messageId: string; subject: string; to: string[]; sentAt: string }
type SentMails = { result: SentMail[]; result_info: { cursor?: string } }

/** Where the local runtime writes what is sent: files named for the message, thrown away when it stops. */
const WRITTEN = '.wrangler/tmp/email'

/**
 * Keeps every mail as files that one can open: `.html`, `.txt` and the attachments, named for time, recipient and
 * subject. What it returns looks for new ones, once.
 */
export function mailKeeper(url: string, directory: string): () => Promise<void> {
  const kept = new Set<string>()
  return async () => {
    await mkdir(directory, { recursive: true })
    let cursor: string | undefined
    do {
      const page = await sentMails(url, cursor)
      const fresh = page.result.filter(({ messageId }) => !kept.has(messageId))
      for (const mail of fresh) {
        await keep(mail, directory)
        kept.add(mail.messageId)
      }
      cursor = fresh.length === 0 ? undefined : page.result_info.cursor
    } while (cursor)
  }
}

async function sentMails(url: string, cursor: string | undefined): Promise<SentMails> {
  const query = new URLSearchParams({ per_page: '100', ...(cursor && { cursor }) })
  const answer = await fetch(`${url}/cdn-cgi/local/explorer/api/local/email/sending?${query}`).catch(
    () => undefined,
  )
  return answer?.ok ? ((await answer.json()) as SentMails) : { result: [], result_info: {} }
}

async function keep({ messageId, subject, to, sentAt }: SentMail, directory: string): Promise<void> {
  const id = messageId.replace(/[<>]/g, '')
  const title = fileName(`${sentAt.slice(0, 19)} ${to.join(' ')} ${subject}`)
  for (const file of await readdir(WRITTEN, { recursive: true })) {
    const place = file.lastIndexOf(id)
    // After the message's id comes what tells its files apart: `.html`, `.txt`, `-1.pdf`.
    if (place !== -1) await cp(join(WRITTEN, file), join(directory, title + file.slice(place + id.length)))
  }
}

/** Only characters that every file system takes. */
const fileName = (text: string): string => text.replace(/[^\p{L}\p{N}@.,$€ -]+/gu, '-').slice(0, 150)
