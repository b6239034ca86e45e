import { type Actor, audit } from '../../access/access.store.ts'
import { derivedId } from '../../kernel/id.ts'
import { invalid, notFound, Problem } from '../../kernel/problem.ts'
import { commit, type Db, isUniqueViolation } from '../../storage/db.store.ts'
import { findContract } from '../contracts.store.ts'
import { type Attachment, findAttachment, insertAttachment } from './attachments.store.ts'

/** Signed terms are scans and documents of a few megabytes. */
const BYTES_MAX = 10 * 1024 * 1024

/** What terms are written in; nothing that a browser would run. */
const CONTENT_TYPES = new Set([
  'application/pdf',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'image/jpeg',
  'image/png',
  'text/csv',
  'text/plain',
])

export type SentFile = { contractRef: string; name: string; contentType: string; content: ArrayBuffer }

type Context = { db: Db; archive: R2Bucket; actor: Actor }

/**
 * Keeps a file of a contract's terms. The same file under the same name is kept once. Throws `attachment_empty`,
 * `attachment_too_large` or `attachment_type_unknown`.
 */
export async function attach({ db, archive, actor }: Context, file: SentFile): Promise<Attachment> {
  refuseUnfit(file)
  if (!(await findContract(db, file.contractRef))) throw notFound('contract', file.contractRef)
  const sha256 = await hexDigest(file.content)
  const attachment: Attachment = {
    id: derivedId('att', file.contractRef, file.name, sha256),
    contractRef: file.contractRef,
    name: file.name,
    contentType: typeOf(file),
    size: file.content.byteLength,
    sha256,
    actor: actor.principal.label,
    createdAt: actor.now,
  }
  // First the file and then its row: a row always has its file.
  await archive.put(attachmentKey(attachment.id), file.content)
  try {
    await commit(db, [
      ...insertAttachment(db, attachment),
      ...audit(db, actor, { action: 'contract.attach', subject: file.contractRef, after: attachment }),
    ])
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
  }
  return (await findAttachment(db, attachment.id)) ?? attachment
}

/** Where the archive keeps a file. */
export const attachmentKey = (id: string): string => `attachments/${id}`

/** By the runtime's own code, which reads megabytes in no time. */
async function hexDigest(content: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', content))
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

const typeOf = ({ contentType }: SentFile): string => (contentType.split(';')[0] ?? '').trim().toLowerCase()

function refuseUnfit(file: SentFile): void {
  if (file.content.byteLength === 0)
    throw invalid('attachment_empty', 'The body is the file, and it is empty.')
  if (file.content.byteLength > BYTES_MAX) {
    throw new Problem(
      413,
      'attachment_too_large',
      'A file may have 10 MB; make the scan smaller or split it.',
    )
  }
  if (!CONTENT_TYPES.has(typeOf(file))) {
    throw new Problem(
      415,
      'attachment_type_unknown',
      `Say what the file is by its content-type; one of ${[...CONTENT_TYPES].join(', ')}.`,
    )
  }
}
