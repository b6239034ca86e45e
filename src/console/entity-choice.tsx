import type { FC } from 'hono/jsx'
import { EmptyState } from '../web/table.tsx'
import { ConsolePage } from './console.page.tsx'

type EntityChoiceProps = { entities: readonly { ref: string; name: string }[]; now: string }

/** Whose books are shown. */
export const EntityChoice: FC<EntityChoiceProps> = ({ entities, now }) => (
  <>
    <label for="entity_ref">Legal entity</label>
    <select id="entity_ref" name="entity_ref">
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
