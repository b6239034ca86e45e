/** A record that was looked for: what it is known by, and what tells it from others of its name. */
export type Hit = { key: string; name: string; about: string | null }

export const KINDS = ['customers', 'contracts', 'invoices', 'payments'] as const

export type Found = Record<(typeof KINDS)[number], Hit[]>

export const pathOfHit = (kind: keyof Found, { key }: Hit): string =>
  `/console/${kind}/${encodeURIComponent(key)}`

/** The page of what was found, where it is the only one. */
export function onlyOne(found: Found): string | undefined {
  const [first, second] = KINDS.flatMap((kind) => found[kind].map((hit) => pathOfHit(kind, hit)))
  return second === undefined ? first : undefined
}
