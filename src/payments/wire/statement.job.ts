import { bytesToHex } from '@noble/hashes/utils.js'
import { type Actor, audit } from '../../access/access.store.ts'
import { listEntities } from '../../customers/customers.store.ts'
import { derivedId } from '../../kernel/id.ts'
import { commit, type Db } from '../../storage/db.store.ts'
import { payoutsToArrive } from '../card/payouts.store.ts'
import { paymentIdOf } from '../payment.ts'
import { findPayments } from '../payments.store.ts'
import { outcomeOf, type ReceiveOutcome, receivePayment } from '../receive.job.ts'
import { type BankEntry, identify, type StatementFormat } from './statement.ts'
import { readStatementFile } from './statement-file.ts'
import { ownerOf } from './statement-owner.ts'
import { type PlannedEntry, planImport } from './statement-plan.ts'
import {
  isStatementKnown,
  knownEntries,
  writeEntries,
  writeKeptEntries,
  writeStatement,
} from './wire.store.ts'

/** An entry, what was done with it, and for an incoming payment what the matcher decided, now or earlier. */
export type ImportedEntry = {
  entry: BankEntry
  standing: PlannedEntry['standing'] | 'waiting'
  explanation: string
  received: ReceiveOutcome | undefined
}

export type ImportedStatement = { id: string; format: StatementFormat; entries: ImportedEntry[] }

/**
 * Payments that one call records. D1 answers at most 1,000 queries in one invocation, and a payment takes four; posting
 * the file again goes on where this call stopped.
 */
export const PAYMENTS_PER_CALL = 200

const ENTITIES_MAX = 1_000

/**
 * Imports a bank statement: keeps the file under the hash of its bytes, and makes a payment of every incoming entry
 * that is not known yet. Each entry is written in the batch of its payment, so a call that was cut off is completed by
 * the same call again, and a file that was imported before adds nothing.
 *
 * @throws Problem 422 for a file that cannot be read or an owner that is not clear; then nothing is written
 */
export async function importStatement(
  { db, archive, actor }: { db: Db; archive: R2Bucket; actor: Actor },
  file: ArrayBuffer,
  entityRef: string | undefined,
): Promise<ImportedStatement> {
  const { format, statements } = readStatementFile(new Uint8Array(file))
  const { rows: entities } = await listEntities(db, { limit: ENTITIES_MAX })
  const accounts = statements.flatMap(({ account }) => account ?? [])
  const owner = ownerOf(entities, accounts, entityRef)
  const entries = statements.flatMap((statement) => identify(owner.ref, statement))

  const fileKey = await keepFile(archive, file)
  const id = derivedId('bst', owner.ref, fileKey)
  const planned = planImport(entries, await knownEntries(db, entries), await payoutsToArrive(db, owner.ref))
  const onlyKept = planned.filter(({ standing }) => standing === 'not_incoming' || standing === 'payout')
  const statement = {
    id,
    format,
    fileKey,
    entityRef: owner.ref,
    entryCount: entries.length,
    receivedAt: actor.now,
  }
  if (!(await isStatementKnown(db, id))) {
    const change = {
      action: 'bank_statement.import',
      subject: id,
      after: { format, entries: entries.length },
    }
    await commit(db, [
      ...writeStatement(db, statement),
      ...writeKeptEntries(db, id, onlyKept),
      ...audit(db, actor, change),
    ])
  }
  const results = await receiveEntries(db, { id, entityRef: owner.ref, actor }, planned)
  return { id, format, entries: results }
}

/** Entries are received one after another, in the order of the file: an earlier line may settle what a later one names. */
async function receiveEntries(
  db: Db,
  statement: { id: string; entityRef: string; actor: Actor },
  planned: readonly PlannedEntry[],
): Promise<ImportedEntry[]> {
  const earlier = await findPayments(
    db,
    planned
      .filter(({ standing }) => standing === 'already_known')
      .map(({ entry }) => paymentIdOf('wire', entry.id)),
  )
  const imported: ImportedEntry[] = []
  let taken = 0
  for (const { entry, standing, explanation } of planned) {
    if (standing === 'incoming' && ++taken > PAYMENTS_PER_CALL) {
      imported.push({
        entry,
        standing: 'waiting',
        explanation: 'Post the file again to go on with this entry.',
        received: undefined,
      })
    } else if (standing === 'incoming') {
      const received = await receiveEntry(db, statement, entry)
      imported.push({ entry, standing, explanation: received.explanation, received })
    } else {
      const found = earlier.get(paymentIdOf('wire', entry.id))
      const received = found && outcomeOf('duplicate', found)
      imported.push({ entry, standing, explanation: received?.explanation ?? explanation, received })
    }
  }
  return imported
}

const receiveEntry = (
  db: Db,
  { id, entityRef, actor }: { id: string; entityRef: string; actor: Actor },
  entry: BankEntry,
): Promise<ReceiveOutcome> =>
  receivePayment(
    db,
    {
      rail: 'wire',
      externalKey: entry.id,
      entityRef,
      customerRef: null,
      currency: entry.currency,
      amount: entry.amount,
      receivedOn: entry.bookedOn,
      payer: entry.payer,
      reference: entry.reference,
    },
    actor.now,
    { alongside: (payment) => writeEntries(db, id, [entry], payment.id) },
  )

/** The same bytes lie under the same key, so keeping them twice keeps them once. */
async function keepFile(archive: R2Bucket, file: ArrayBuffer): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', file)
  const key = `bank-statements/${bytesToHex(new Uint8Array(digest))}`
  await archive.put(key, file)
  return key
}
