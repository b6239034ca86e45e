import { dayOf, type ForeignEntry, type FunctionalLine } from './functional-line.ts'
import { itemOf } from './open-item.ts'

/**
 * The functional lines of an entry that takes another one back, posting by posting in any order: those of the other with
 * the sides changed, exchange difference and all, so that every balance is what it was. Undefined where the postings are
 * no such mirror.
 */
export function mirrorOf(
  entry: ForeignEntry,
  reversed: readonly FunctionalLine[],
): FunctionalLine[] | undefined {
  const left = [...reversed]
  const lines: FunctionalLine[] = []
  for (const posting of entry.postings) {
    const item = itemOf(entry, posting)
    const place = left.findIndex(
      (line) => line.account === posting.account && line.amount === -posting.amount && line.item === item,
    )
    const [line] = place === -1 ? [] : left.splice(place, 1)
    if (!line) return undefined
    lines.push(mirrored(entry, line, posting.lineNo))
  }
  if (left.some(({ amount }) => amount !== 0n)) return undefined
  return [...lines, ...left.map((line, place) => mirrored(entry, line, lines.length + place + 1))]
}

const mirrored = (entry: ForeignEntry, line: FunctionalLine, lineNo: number): FunctionalLine => ({
  ...line,
  day: line.day === null ? null : dayOf(entry),
  lineNo,
  amount: -line.amount,
  functionalAmount: -line.functionalAmount,
})
