import type { ForeignEntry, FunctionalLine } from './functional-line.ts'
import { itemOf } from './open-item.ts'

/**
 * The functional lines of an entry that takes another one back line by line: those of the other, with the sides changed,
 * exchange difference and all, so that every balance is what it was. Undefined where the postings are no such mirror.
 */
export const mirrorOf = (
  entry: ForeignEntry,
  reversed: readonly FunctionalLine[],
): FunctionalLine[] | undefined => (mirrors(entry, reversed) ? reversed.map(mirrored) : undefined)

const mirrored = (line: FunctionalLine): FunctionalLine => ({
  ...line,
  amount: -line.amount,
  functionalAmount: -line.functionalAmount,
})

/** True where the postings are those of the other entry, line by line, with the sides changed. */
function mirrors(entry: ForeignEntry, reversed: readonly FunctionalLine[]): boolean {
  const posted = reversed.filter(({ amount }) => amount !== 0n)
  return (
    posted.length === entry.postings.length &&
    entry.postings.every((posting, place) => {
      const line = posted[place]
      return (
        line?.account === posting.account &&
        line.amount === -posting.amount &&
        line.item === itemOf(entry, posting)
      )
    })
  )
}
