import type { Item } from './compare.ts'

/** What follows from a page of facts, and what is on record for them. */
export type Checked = {
  recomputed: Item[]
  recorded: Item[]
  /** The last place that the page reaches to; null where nothing comes after it. */
  until: string | null
}
