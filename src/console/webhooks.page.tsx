import type { FC } from 'hono/jsx'
import { Copyable } from '../web/facts.tsx'
import { Status, type StatusLook } from '../web/status.tsx'
import { type Column, Table } from '../web/table.tsx'
import { InstantText } from '../web/time.tsx'
import { EVENT_TYPES } from '../webhooks/event-type.ts'
import type { Webhook } from '../webhooks/webhook.ts'
import { ConsolePage, Panel } from './console.page.tsx'

type WebhooksProps = { operator: string; webhooks: readonly Webhook[]; mayManage: boolean }

/** Whose software hears what happens. */
export const WebhooksPage: FC<WebhooksProps> = ({ operator, webhooks, mayManage }) => (
  <ConsolePage room="Webhooks" title="Webhooks" operator={operator}>
    <Panel id="webhooks" title="Who is told">
      <Table
        caption="Webhooks"
        hideCaption
        columns={COLUMNS}
        rows={webhooks}
        empty="Nobody is told what happens here."
      />
    </Panel>
    {mayManage ? <AddForm /> : <p class="hint">Setting up webhooks takes the role admin.</p>}
  </ConsolePage>
)

export const webhookPath = (ref: string): string => `/console/webhooks/${encodeURIComponent(ref)}`

/** How a webhook stands, for whoever looks at it. */
export function webhookLook({ state, pausedBy, failingSince }: Webhook): StatusLook {
  if (pausedBy === 'gone') return { word: 'Paused: receiver gone', shape: 'cross', tone: 'bad' }
  if (pausedBy === 'failing') return { word: 'Paused: failing for days', shape: 'cross', tone: 'bad' }
  if (state === 'paused') return { word: 'Paused', shape: 'square', tone: 'idle' }
  return failingSince === null
    ? { word: 'Active', shape: 'check', tone: 'good' }
    : { word: 'Failing', shape: 'triangle', tone: 'warn' }
}

export const eventsInWords = (events: Webhook['events']): string =>
  events === null ? 'all events' : events.join(', ')

const COLUMNS: Column<Webhook>[] = [
  { head: 'Address', kind: 'name', cell: ({ ref, url }) => <a href={webhookPath(ref)}>{url}</a> },
  { head: 'For', cell: ({ description }) => description },
  { head: 'Hears of', cell: ({ events }) => eventsInWords(events) },
  { head: 'State', cell: (webhook) => <Status {...webhookLook(webhook)} /> },
  { head: 'Since', cell: ({ createdAt }) => <InstantText at={createdAt} /> },
]

const AddForm: FC = () => (
  <Panel id="add" title="Add a webhook">
    <form class="stack" method="post" action="/console/webhooks">
      <label for="url">Address</label>
      <input id="url" name="url" type="url" required maxlength={2000} placeholder="https://" />
      <label for="description">What it is for</label>
      <input id="description" name="description" maxlength={500} />
      <label for="events">Events; none chosen: all</label>
      <select id="events" name="events" multiple size={8}>
        {EVENT_TYPES.map((type) => (
          <option value={type}>{type}</option>
        ))}
      </select>
      <p class="actions">
        <button type="submit" class="button primary">
          Add
        </button>
      </p>
    </form>
  </Panel>
)

/** Shown once: the secret is derived when it is needed, and never given out again. */
export const SecretPage: FC<{ operator: string; webhook: Webhook; secret: string }> = ({
  operator,
  webhook,
  secret,
}) => (
  <ConsolePage room="Webhooks" title="Secret of the webhook" operator={operator} up>
    <p>
      The receiver at {webhook.url} verifies messages with this secret. Copy it now: it is not shown again.
    </p>
    <Copyable value={<code>{secret}</code>} copy={secret} what="secret" />
    <p class="actions">
      <a class="button" href={webhookPath(webhook.ref)}>
        To the webhook
      </a>
    </p>
  </ConsolePage>
)
