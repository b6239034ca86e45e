import type { z } from '@hono/zod-openapi'
import type { Partly } from '../kernel/partly.ts'
import { aroundOf, patternOf, prefixesOf, valueAt, withValue } from '../kernel/path.ts'
import { assert, type Fault } from '../kernel/problem.ts'

/** How a body falls into parts that are read each for itself; in their paths `*` is any place of a list. */
export type Parts = {
  /** Objects whose fields are parts, beside the body itself. */
  open: readonly string[]
  /**
   * What takes the place of a part that has a fault, as it would be sent: a value, or a function of the object around it.
   * A part that is not named here is left out. That of the empty path, the whole body, has the form that is asked for.
   */
  standIns: Readonly<Record<string, unknown>>
}

/** The parts that have stand-ins, and the objects with keys that they do not know. */
type Gaps = { sent: unknown; standIns: Set<string>; misspelt: Set<string> }

/**
 * Reads a body as far as it goes: where a part has a fault a stand-in takes its place, and the rest is read again, since
 * a check of several fields waits until each of them is right. A key that is not known may be a slip of the pen for any
 * field of its object that is not there, so these are not read either.
 *
 * @example a product without a price and a `start_date` that is none: two faults, and the dates of products are not read
 */
export function readPartly<T extends z.ZodType>(schema: T, parts: Parts, sent: unknown): Partly<z.infer<T>> {
  const faults: Fault[] = []
  const gaps: Gaps = { sent, standIns: new Set(), misspelt: new Set() }
  for (let body = sent; ; ) {
    const read = schema.safeParse(body)
    if (read.success) return { value: read.data, faults, isRead: (path) => isRead(gaps, path) }
    faults.push(...faultsOfForm(read.error).filter(({ path }) => isRead(gaps, path)))
    body = mended(body, read.error, parts, gaps)
  }
}

/** The faults that a schema finds. */
export const faultsOfForm = ({ issues }: z.ZodError): Fault[] =>
  issues.flatMap((issue) => faultsOfIssue(issue, issue.path))

type Issue = z.core.$ZodIssue

/** Of a field that may have several forms the faults of the one that was meant, where its type tells which. */
function faultsOfIssue(issue: Issue, path: readonly PropertyKey[]): Fault[] {
  const meant = issue.code === 'invalid_union' ? issue.errors.filter(isOfType) : []
  if (meant.length !== 1) return [{ path: path.join('.'), message: issue.message }]
  return meant[0]!.flatMap((inner) => faultsOfIssue(inner, [...path, ...inner.path]))
}

const isOfType = (issues: readonly Issue[]): boolean =>
  !issues.some(
    (issue) =>
      issue.path.length === 0 &&
      (issue.code === 'invalid_type' || (issue.code === 'invalid_union' && !issue.errors.some(isOfType))),
  )

function isRead({ sent, standIns, misspelt }: Gaps, path: string): boolean {
  const isMissing = (part: string) => misspelt.has(aroundOf(part)) && valueAt(sent, part) === undefined
  const isGap = (part: string) => standIns.has(part) || (part !== '' && isMissing(part))
  const isWithin = (part: string) => part === path || part.startsWith(`${path}.`)
  return !prefixesOf(path).some(isGap) && ![...standIns, ...misspelt].some(isWithin)
}

/** The body without the keys that are not known, and with stand-ins for the other parts that have a fault. */
function mended(body: unknown, { issues }: z.ZodError, parts: Parts, gaps: Gaps): unknown {
  const wrong = new Set<string>()
  let after = body
  for (const issue of issues) {
    const path = issue.path.join('.')
    if (issue.code === 'unrecognized_keys' && isOpen(parts, path)) {
      gaps.misspelt.add(path)
      for (const key of issue.keys) after = withValue(after, [...issue.path, key], undefined)
    } else wrong.add(partToMend(path, parts, gaps))
  }
  // From within outwards: what stands in for a whole covers what was within it.
  for (const path of [...wrong].sort((a, b) => b.length - a.length)) {
    gaps.standIns.add(path)
    after = withStandIn(after, path, parts)
  }
  return after
}

const isOpen = ({ open }: Parts, path: string): boolean => path === '' || open.includes(patternOf(path))

/** The smallest part that holds a fault; where a stand-in for it did not help, the part around it. */
function partToMend(path: string, parts: Parts, { standIns }: Gaps): string {
  const isPart = (part: string) =>
    part === '' || Object.hasOwn(parts.standIns, patternOf(part)) || isOpen(parts, aroundOf(part))
  const part = prefixesOf(path).findLast((prefix) => isPart(prefix) && !standIns.has(prefix))
  assert(part !== undefined, 'what stands in for a whole body has its form')
  return part
}

function withStandIn(body: unknown, path: string, { standIns }: Parts): unknown {
  const standIn = standIns[patternOf(path)]
  const value = typeof standIn === 'function' ? standIn(valueAt(body, aroundOf(path))) : standIn
  return path === '' ? value : withValue(body, path.split('.'), value)
}
