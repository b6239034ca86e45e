import type { FC } from 'hono/jsx'
import type { PaymentSummary } from '../payments/payments.store.ts'
import { Money } from '../web/money.tsx'
import { Status } from '../web/status.tsx'
import type { Webhook } from '../webhooks/webhook.ts'
import { unappliedOf } from './payments.page.tsx'
import { webhookLook, webhookPath } from './webhooks.page.tsx'
import { inWords } from './words.ts'

/** Effects that no attempt is left for; `rows` are the latest of them. */
export type Parked = { rows: { id: string; topic: string; lastError: string | null }[]; count: number }

const Clear: FC = () => <Status word="Nothing to do" shape="check" tone="good" />

export const UnappliedTask: FC<{ unapplied: PaymentSummary[] }> = ({ unapplied }) => (
  <li>
    <h3>Unapplied payments</h3>
    {unapplied.length === 0 ? (
      <Clear />
    ) : (
      <>
        <Status word={counted(unapplied.length, 'payment', 'payments')} shape="triangle" tone="warn" />
        <p>
          {unapplied.slice(0, 3).map((payment) => (
            <>
              <Money amount={unappliedOf(payment)} currency={payment.currency} />{' '}
            </>
          ))}
          <a href="/console/payments?show=unapplied">Look at them</a>
        </p>
      </>
    )}
  </li>
)

export const UnbilledTask: FC<{ customers: string[]; products: string[] }> = ({ customers, products }) => (
  <li>
    <h3>Usage that no contract bills</h3>
    {customers.length + products.length === 0 ? (
      <Clear />
    ) : (
      <>
        <Status word="Set up what was heard of" shape="triangle" tone="warn" />
        {customers.length > 0 && <p>Customers: {customers.join(', ')}</p>}
        {products.length > 0 && <p>Products: {products.join(', ')}</p>}
      </>
    )}
  </li>
)

export const ParkedTask: FC<Parked & { maySend: boolean }> = ({ rows, count, maySend }) => (
  <li>
    <h3>Mails and charges that failed</h3>
    {count === 0 ? (
      <Clear />
    ) : (
      <>
        <Status word={`${count} parked`} shape="cross" tone="bad" />
        {rows.map((row) => (
          <div class="stack">
            <p>
              {inWords(row.topic)}: {row.lastError}
            </p>
            {maySend && (
              <form method="post" action={`/console/parked-effects/${encodeURIComponent(row.id)}/send-again`}>
                <button type="submit" class="button small">
                  Send again<span class="unseen"> {row.id}</span>
                </button>
              </form>
            )}
          </div>
        ))}
      </>
    )}
  </li>
)

/** Shown only where something is wrong: most books have one currency. */
export const RatesTask: FC<{ failed: { source: string; failure: string | null }[] }> = ({ failed }) =>
  failed.length > 0 && (
    <li>
      <h3>Exchange rates</h3>
      <Status word="Cannot be fetched; asked again soon" shape="triangle" tone="warn" />
      {failed.map(({ source, failure }) => (
        <p>
          {source}: {failure}
        </p>
      ))}
    </li>
  )

/** Shown only where something is wrong: most companies have no webhook. */
export const WebhooksTask: FC<{ troubled: Webhook[] }> = ({ troubled }) =>
  troubled.length > 0 && (
    <li>
      <h3>Webhooks</h3>
      {troubled.map((webhook) => (
        <p>
          <Status {...webhookLook(webhook)} /> <a href={webhookPath(webhook.ref)}>{webhook.url}</a>
        </p>
      ))}
    </li>
  )

const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`
