type Finding = { kind: string; id: string }
type Page = {
  facts: string
  checked: number
  missing: Finding[]
  surplus: Finding[]
  different: Finding[]
  next_cursor: string | null
}

type Get = (path: string) => Promise<unknown>

/** The books, made again from the facts by the program itself: whatever differs from what was posted on the way. */
export async function auditRecomputed(get: Get, start = ''): Promise<string[]> {
  const findings: string[] = []
  let checked = 0
  for (let cursor = start && `?cursor=${start}:`; ; ) {
    const page = (await get(`/api/ledger/recomputed${cursor}`)) as Page
    for (const how of ['missing', 'surplus', 'different'] as const) {
      findings.push(...page[how].map((found) => `${page.facts}, ${how}: ${JSON.stringify(found)}`))
    }
    checked += page.checked
    if (page.next_cursor === null || !page.next_cursor.startsWith(start)) break
    cursor = `?cursor=${encodeURIComponent(page.next_cursor)}`
  }
  return checked > 0 ? findings : ['nothing was made again from the facts']
}
