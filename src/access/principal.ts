/** What an API key may do. `finance` includes `read`; `admin` includes everything. */
export const SCOPES = ['ingest', 'read', 'finance', 'admin'] as const
export type Scope = (typeof SCOPES)[number]

/** What a person may do in the console. */
export const ROLES = ['viewer', 'finance', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** Who is asking: an API key or a signed-in operator. */
export type Principal = { id: string; label: string; scopes: readonly Scope[] }

const GRANTS: Record<Scope, readonly Scope[]> = {
  ingest: ['ingest'],
  read: ['read'],
  finance: ['finance', 'read'],
  admin: ['admin', 'finance', 'read', 'ingest'],
}

export const scopesOfRole: Record<Role, readonly Scope[]> = {
  viewer: ['read'],
  finance: ['finance'],
  admin: ['admin'],
}

export const allows = (principal: Principal, scope: Scope): boolean =>
  principal.scopes.some((held) => GRANTS[held].includes(scope))
