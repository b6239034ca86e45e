/** What is on record, or follows from the facts: an entry, a portion of revenue, an amount. Field by field, as text. */
export type Item = { kind: string; id: string; content: Readonly<Record<string, string>> }

type FieldDifference = { field: string; recorded: string | null; recomputed: string | null }
type Difference = Pick<Item, 'kind' | 'id'> & { fields: FieldDifference[] }

export type Comparison = {
  /** How many items follow from the facts. */
  checked: number
  /** They follow from the facts, and are not on record. */
  missing: Item[]
  /** They are on record, and follow from no fact. */
  surplus: Item[]
  different: Difference[]
}

/** Holds what is on record against what follows from the facts, by kind and id. */
export function compareItems(recomputed: readonly Item[], recorded: readonly Item[]): Comparison {
  const there = byKey(recorded)
  const due = byKey(recomputed)
  return {
    checked: due.size,
    missing: [...due].filter(([key]) => !there.has(key)).map(([, item]) => item),
    surplus: [...there].filter(([key]) => !due.has(key)).map(([, item]) => item),
    different: [...due].flatMap(([key, item]) => {
      const other = there.get(key)
      const fields = other ? fieldsThatDiffer(other, item) : []
      return fields.length > 0 ? [{ kind: item.kind, id: item.id, fields }] : []
    }),
  }
}

const byKey = (items: readonly Item[]): Map<string, Item> =>
  new Map(items.map((item) => [`${item.kind} ${item.id}`, item]))

function fieldsThatDiffer({ content: recorded }: Item, { content: recomputed }: Item): FieldDifference[] {
  const names = new Set([...Object.keys(recorded), ...Object.keys(recomputed)])
  return [...names]
    .filter((name) => recorded[name] !== recomputed[name])
    .map((field) => ({
      field,
      recorded: recorded[field] ?? null,
      recomputed: recomputed[field] ?? null,
    }))
}
