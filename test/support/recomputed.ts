import { api } from './worker.ts'

/** How the books differ from what follows from the facts, or from some of them on; nothing where all is well. */
export async function differencesFromFacts(first = ''): Promise<unknown[]> {
  const found: unknown[] = []
  for (let query: string | null = first; query !== null; ) {
    const { json: page } = await api('GET', `/api/ledger/recomputed${query}`)
    found.push(...page.missing, ...page.surplus, ...page.different)
    query = page.next_cursor && `?cursor=${encodeURIComponent(page.next_cursor)}`
  }
  return found
}
