import { type Actor, audit } from '../access/access.store.ts'
import { canonicalJson } from '../kernel/hash.ts'
import { notFound } from '../kernel/problem.ts'
import { commit, type Db } from '../storage/db.store.ts'
import { type FormatFields, formattedEvent, type Incoming } from './event-format.ts'
import { findFormat, putFormat, removeFormat, type UsageFormat } from './formats.store.ts'

/** Stores a format under its name. The same again changes nothing. */
export async function saveFormat(
  db: Db,
  actor: Actor,
  name: string,
  fields: FormatFields,
): Promise<{ format: UsageFormat; created: boolean }> {
  const before = await findFormat(db, name)
  if (before && canonicalJson(before.fields) === canonicalJson(fields))
    return { format: before, created: false }
  const format = { name, fields, createdAt: before?.createdAt ?? actor.now, updatedAt: actor.now }
  const change = { action: 'usage_format.save', subject: name, before: before?.fields, after: fields }
  await commit(db, [...putFormat(db, format), ...audit(db, actor, change)])
  return { format, created: !before }
}

/** Events that were recorded by it stay as they are. Throws `format_not_found`. */
export async function deleteFormat(db: Db, actor: Actor, name: string): Promise<void> {
  const { fields } = await formatNamed(db, name)
  const change = { action: 'usage_format.delete', subject: name, before: fields }
  await commit(db, [...removeFormat(db, name), ...audit(db, actor, change)])
}

/** Throws `format_not_found`. */
export async function formatNamed(db: Db, name: string): Promise<UsageFormat> {
  const format = await findFormat(db, name)
  if (!format) throw notFound('format', name)
  return format
}

/** The usage event that the format of this name makes. Throws `format_not_found`, `format_mismatch`. */
export async function formatEvent(
  db: Db,
  name: string,
  incoming: Incoming,
): Promise<Record<string, unknown>> {
  const { fields } = await formatNamed(db, name)
  return formattedEvent(name, fields, incoming)
}
