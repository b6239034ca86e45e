import type { FC } from 'hono/jsx'
import type { Paged } from '../kernel/page.ts'
import { Facts } from '../web/facts.tsx'
import { Status, type StatusLook } from '../web/status.tsx'
import { type Column, Pagination, Table } from '../web/table.tsx'
import { InstantText } from '../web/time.tsx'
import type { ListedDelivery } from '../webhooks/deliveries.store.ts'
import type { Webhook } from '../webhooks/webhook.ts'
import { ConsolePage, Panel } from './console.page.tsx'
import { eventsInWords, webhookLook, webhookPath } from './webhooks.page.tsx'

type WebhookProps = {
  operator: string
  webhook: Webhook
  page: Paged<ListedDelivery>
  may: { send: boolean; manage: boolean }
}

/** One webhook, what was sent to it, and what came of that. */
export const WebhookPage: FC<WebhookProps> = ({ operator, webhook, page, may }) => (
  <ConsolePage
    room="Webhooks"
    title={webhook.description ?? webhook.ref}
    operator={operator}
    beside={<Status {...webhookLook(webhook)} />}
    up
  >
    <Panel id="about" title="Where it leads">
      <Facts
        items={[
          ['Address', webhook.url],
          ['Reference', webhook.ref],
          ['Hears of', eventsInWords(webhook.events)],
          ['Failing since', webhook.failingSince !== null && <InstantText at={webhook.failingSince} />],
        ]}
      />
      <div class="actions">
        {may.send && webhook.state === 'active' && (
          <ActionForm webhook={webhook} action="test" label="Send a test" />
        )}
        {may.manage && <ManageForms webhook={webhook} />}
      </div>
    </Panel>
    <Panel id="deliveries" title="Deliveries of the last 30 days">
      <Table
        caption="Deliveries, the latest first"
        hideCaption
        columns={columnsOf(webhook, may.send && webhook.state === 'active')}
        rows={page.rows}
        empty="Nothing was sent yet."
      />
      <Pagination path={webhookPath(webhook.ref)} nextCursor={page.nextCursor} />
    </Panel>
  </ConsolePage>
)

const ManageForms: FC<{ webhook: Webhook }> = ({ webhook }) => (
  <>
    {webhook.state === 'active' ? (
      <ActionForm webhook={webhook} action="pause" label="Pause" />
    ) : (
      <ActionForm webhook={webhook} action="resume" label="Make active, and send what waits" />
    )}
    <ActionForm webhook={webhook} action="rotate" label="Make another secret" />
    <ActionForm webhook={webhook} action="delete" label="Delete, with what waits" />
  </>
)

type ActionProps = { webhook: Webhook; action: string; label: string; delivery?: ListedDelivery }

const ActionForm: FC<ActionProps> = ({ webhook, action, label, delivery }) => (
  <form method="post" action={`${webhookPath(webhook.ref)}/${action}`}>
    {delivery && <input type="hidden" name="delivery_id" value={delivery.id} />}
    <button type="submit" class={delivery ? 'button small' : 'button'}>
      {label}
      {delivery && <span class="unseen"> {delivery.eventId}</span>}
    </button>
  </form>
)

const LOOKS: Record<ListedDelivery['state'], StatusLook> = {
  waiting: { word: 'Waiting', shape: 'clock', tone: 'info' },
  delivered: { word: 'Delivered', shape: 'check', tone: 'good' },
  failed: { word: 'Given up', shape: 'cross', tone: 'bad' },
}

const columnsOf = (webhook: Webhook, maySend: boolean): Column<ListedDelivery>[] => [
  { head: 'Event', kind: 'name', cell: ({ type }) => type },
  { head: 'Made', cell: ({ createdAt }) => <InstantText at={createdAt} /> },
  { head: 'State', cell: ({ state }) => <Status {...LOOKS[state]} /> },
  { head: 'Attempts', kind: 'figure', cell: ({ tried }) => tried.length },
  { head: 'Last answer', cell: ({ tried }) => lastAnswer(tried.at(-1)) },
  { head: 'Next attempt', cell: ({ dueAt }) => dueAt !== null && <InstantText at={dueAt} /> },
  {
    head: 'Message',
    cell: (delivery) => (
      <>
        <details>
          <summary>Show</summary>
          <code>{delivery.body}</code>
        </details>
        {maySend && <ActionForm webhook={webhook} action="resend" label="Send again" delivery={delivery} />}
      </>
    ),
  },
]

const lastAnswer = (attempt: ListedDelivery['tried'][number] | undefined): string => {
  if (!attempt) return ''
  const { status, answer, latencyMs } = attempt
  return status === null ? answer : `${status} after ${latencyMs} ms${answer && `: ${answer}`}`
}
