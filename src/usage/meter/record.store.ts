import { contentOf, ENTRY_WORDS, numberOf, putContent, putNumber } from '../known-ids/id-entry.ts'
import type { BillingLookup } from '../meter-calendar.ts'
import type { Parcel } from '../parcel.ts'
import { BATCH_CONFLICT, DUPLICATE, type Verdict, violation } from '../verdict.ts'
import { lateEvents } from './lateness.ts'
import type { LeftOut } from './left-out.ts'
import type { LogRow } from './log.store.ts'
import { LogWriter } from './log-writer.store.ts'
import type { MeterBooks } from './meter-books.store.ts'
import type { KnownElsewhere } from './spread.store.ts'
import { refusalOfAny, verdictForAll } from './whole-parcel.ts'

/** An event whose id was counted with content of another spelling: the stored event has to be compared. */
type Suspect = { place: number; number: number; shard: number | undefined }

/** A parcel, and what of it other shards have counted before. */
export type Delivery = { parcel: Parcel; elsewhere: readonly KnownElsewhere[] }

export type Judged = { others: [place: number, Verdict][]; suspects: Suspect[] }

/**
 * Judges the events of parcels in their order and logs the accepted ones: their lines, their ids and what they add to
 * the totals, as one row for as many parcels as fit into it. Belongs inside one transaction.
 *
 * @param logged is told of each row
 */
export function recordParcels(
  sql: SqlStorage,
  books: MeterBooks,
  deliveries: readonly Delivery[],
  billing: BillingLookup,
  logged: (row: LogRow) => void,
): Judged[] {
  const log = new LogWriter(sql, books, logged)
  const judged = deliveries.map((delivery) => recordParcel(books, log, delivery, billing))
  log.close()
  books.saveIfDue()
  return judged
}

function recordParcel(
  books: MeterBooks,
  log: LogWriter,
  { parcel, elsewhere }: Delivery,
  billing: BillingLookup,
): Judged {
  log.makeRoomFor(parcel)
  if (parcel.isWhole) return recordWhole(books, log, { parcel, elsewhere }, billing)
  const judged: Judged = { others: [], suspects: [] }
  const checks = new Map(parcel.checks.map((check) => [check[0], check]))
  const late = lateEvents(parcel, billing, books.forgottenBefore)
  const entries = parcel.ids.length / ENTRY_WORDS
  const leftOut: LeftOut[] = []
  let accepted = 0
  let lineEnd = 0
  for (let place = 0; place < entries; place++) {
    const at = place * ENTRY_WORDS
    const lineStart = lineEnd
    lineEnd = numberOf(parcel.ids, at)
    if (isKnown(books, parcel, place, judged) || isKnownElsewhere(elsewhere, parcel, place, judged)) {
      leftOut.push({ place, lineStart, lineEnd })
      continue
    }
    const [, productRef, occurredAt, validations] = checks.get(place) ?? []
    const refusal =
      late.get(place) ?? (validations && violation(validations, productRef!, occurredAt!, billing))
    if (refusal) {
      judged.others.push([place, refusal])
      leftOut.push({ place, lineStart, lineEnd })
      continue
    }
    putNumber(parcel.ids, at, log.nextNumber + accepted)
    books.ids.add(parcel.ids, at)
    accepted++
  }
  if (accepted === entries) log.appendAll(parcel)
  else if (accepted > 0) log.appendSome(parcel, leftOut)
  return judged
}

/** Counts all events of a parcel, or none: they have one identity, under the number of the first. */
function recordWhole(
  books: MeterBooks,
  log: LogWriter,
  { parcel, elsewhere }: Delivery,
  billing: BillingLookup,
): Judged {
  const known: Judged = { others: [], suspects: [] }
  if (isKnown(books, parcel, 0, known) || isKnownElsewhere(elsewhere, parcel, 0, known)) {
    const verdict = known.suspects.length > 0 ? BATCH_CONFLICT : DUPLICATE
    return { others: verdictForAll(parcel, verdict), suspects: [] }
  }
  const refusal = refusalOfAny(parcel, billing, books.forgottenBefore)
  if (refusal) return { others: verdictForAll(parcel, refusal), suspects: [] }
  putNumber(parcel.ids, 0, log.nextNumber)
  books.ids.add(parcel.ids, 0)
  log.appendAll(parcel)
  return { others: [], suspects: [] }
}

/** What was once accepted stays accepted when it is sent again, whatever its contract says by now. */
function isKnown(books: MeterBooks, parcel: Parcel, place: number, judged: Judged): boolean {
  const at = place * ENTRY_WORDS
  const known = books.ids.find(parcel.ids, at)
  if (!known) return false
  if (known.content === contentOf(parcel.ids, at)) judged.others.push([place, DUPLICATE])
  else judged.suspects.push({ place, number: known.number, shard: undefined })
  if (books.isFading(known.heardBefore, parcel.receivedAt)) {
    // What counts is the content that it was recorded with, not the one that came now.
    putContent(parcel.ids, at, known.content)
    putNumber(parcel.ids, at, known.number)
    books.hearAgain(parcel.ids, at)
  }
  return true
}

function isKnownElsewhere(
  elsewhere: readonly KnownElsewhere[],
  parcel: Parcel,
  place: number,
  judged: Judged,
): boolean {
  const known = elsewhere.find((other) => other.place === place)
  if (!known) return false
  const { content, number, shard } = known
  if (content === contentOf(parcel.ids, place * ENTRY_WORDS)) judged.others.push([place, DUPLICATE])
  else judged.suspects.push({ place, number, shard })
  return true
}
