import type { FC } from 'hono/jsx'
import type { CloseChecklist } from '../closing/checklist/checklist.ts'

/** What the role of an operator allows. */
export type Allowed = { close: boolean; reopen: boolean }

/** The buttons that close a month or open it again, as far as its state and the role of who looks at it allow. */
export const CloseActions: FC<{ checklist: CloseChecklist; may: Allowed }> = ({ checklist, may }) => {
  const { status, over } = checklist
  if (status === 'open' && !over) return <p class="hint">A month is closed once it is over.</p>
  return (
    <div class="stack">
      {may.close && status !== 'locked' && <EntriesForm checklist={checklist} />}
      <div class="columns">
        {ACTIONS.filter(({ isOffered }) => isOffered(status, may)).map((button) => (
          <PeriodForm checklist={checklist} {...button} />
        ))}
        {!may.close && (
          <p class="hint">Your role reads the books; closing takes the role finance, reopening admin.</p>
        )}
      </div>
    </div>
  )
}

/** What the end of the month needs, posted ahead of a lock: people look at it while the month is still open. */
const EntriesForm: FC<{ checklist: CloseChecklist }> = ({ checklist }) => (
  <form class="actions" method="post" action="/console/close/entries">
    <MonthOf checklist={checklist} />
    <button type="submit" class="button">
      Post closing entries
    </button>
    <p class="hint">
      Accruals, positions as the balance sheet has them, closing rates. The month stays open; a lock posts
      them, too.
    </p>
  </form>
)

const MonthOf: FC<{ checklist: CloseChecklist }> = ({ checklist: { entity_ref, month } }) => (
  <>
    <input type="hidden" name="entity_ref" value={entity_ref} />
    <input type="hidden" name="month" value={month} />
  </>
)

type Button = { action: 'soft_lock' | 'lock' | 'reopen'; label: string; reason: string; hint: string }

type Offered = Button & { isOffered: (status: CloseChecklist['status'], may: Allowed) => boolean }

const ACTIONS: Offered[] = [
  {
    action: 'soft_lock',
    label: 'Soft-lock',
    reason: 'Reason for the soft lock',
    hint: 'Jobs may still post, people may not.',
    isOffered: (status, may) => may.close && status === 'open',
  },
  {
    action: 'lock',
    label: 'Lock',
    reason: 'Reason for the lock',
    hint: 'What comes later is posted in the next month.',
    isOffered: (status, may) => may.close && status !== 'locked',
  },
  {
    action: 'reopen',
    label: 'Reopen',
    reason: 'Reason to reopen',
    hint: 'Entries can be posted in it again.',
    isOffered: (status, may) => may.reopen && status !== 'open',
  },
]

const PeriodForm: FC<Button & { checklist: CloseChecklist }> = ({
  checklist,
  action,
  label,
  reason,
  hint,
}) => (
  <form class="stack" method="post" action="/console/close">
    <MonthOf checklist={checklist} />
    <input type="hidden" name="action" value={action} />
    <label for={`reason-${action}`}>{reason}</label>
    <input id={`reason-${action}`} name="reason" maxlength={500} required={action === 'reopen'} />
    <p class="hint">{hint}</p>
    <button type="submit" class={action === 'lock' ? 'button primary' : 'button'}>
      {label}
    </button>
  </form>
)
