import type { FC } from 'hono/jsx'
import { EmptyState } from '../web/table.tsx'
import { ConsolePage } from './console.page.tsx'

export type NamedEntity = { ref: string; name: string }

type EntityChoiceProps = {
  entities: readonly NamedEntity[]
  now: string
  /** What all of them together are called, where they can be shown so. */
  all?: string
}

/** Whose books are shown. */
export const EntityChoice: FC<EntityChoiceProps> = ({ entities, now, all }) => (
  <>
    <label for="entity_ref">Legal entity</label>
    <select id="entity_ref" name="entity_ref">
      {all && <option value="">{all}</option>}
      {entities.map(({ ref, name }) => (
        <option value={ref} selected={ref === now}>
          {name}
        </option>
      ))}
    </select>
  </>
)

/** Stands where books are asked for and nobody keeps any. */
export const NoEntityPage: FC<{ operator: string; room: 'Close' | 'Accounts' }> = ({ operator, room }) => (
  <ConsolePage room={room} title={room} operator={operator}>
    <EmptyState>There is no legal entity yet, and so no books.</EmptyState>
  </ConsolePage>
)
