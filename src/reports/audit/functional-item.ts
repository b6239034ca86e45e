import type { FunctionalLine } from '../../ledger/fx/functional-line.ts'
import type { Item } from './compare.ts'

/** The lines of an entry in the functional currency, in minor units. */
export const functionalItem = (entryId: string, lines: readonly FunctionalLine[]): Item => ({
  kind: 'functional_amounts',
  id: entryId,
  content: Object.fromEntries(lines.map((line) => [`lines.${line.lineNo}`, textOf(line)])),
})

const textOf = ({ account, amount, functionalAmount, invoiceId }: FunctionalLine): string =>
  [account, amount, functionalAmount, invoiceId].filter((part) => part !== null).join(' ')
