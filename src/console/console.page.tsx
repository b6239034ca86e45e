import type { Child, FC, PropsWithChildren } from 'hono/jsx'
import { HtmlDocument, Wordmark } from '../web/layout.tsx'
import { withQuery } from '../web/table.tsx'

const ROOMS = [
  ['/console', 'Overview'],
  ['/console/customers', 'Customers'],
  ['/console/contracts', 'Contracts'],
  ['/console/invoices', 'Invoices'],
  ['/console/payments', 'Payments'],
  ['/console/reports', 'Reports'],
  ['/console/trial-balance', 'Trial balance'],
  ['/console/journal', 'Journal'],
  ['/console/accounts', 'Accounts'],
  ['/console/close', 'Close'],
  ['/console/webhooks', 'Webhooks'],
] as const

type Room = (typeof ROOMS)[number][1]

type ConsoleProps = PropsWithChildren<{
  /** Where the page belongs; what was found belongs to none. */
  room?: Room
  title: string
  /** Who is signed in. */
  operator: string
  /** What stands beside the title: a state, an amount. */
  beside?: Child
  /** The list that this page belongs to. */
  up?: boolean | undefined
  /** What was looked for. */
  words?: string | undefined
}>

/** The frame of every page of the console. */
export const ConsolePage: FC<ConsoleProps> = ({ room, title, operator, beside, up, words, children }) => (
  <HtmlDocument title={`${title} · Accrue`} layout="console" scripts={['copy']}>
    <header>
      <a href="/console" class="wordmark-link" aria-label="Accrue: overview">
        <Wordmark />
      </a>
      <search>
        <form action="/console/find">
          <input type="search" name="q" value={words} maxlength={200} aria-label="Find" placeholder="Find" />
        </form>
      </search>
      <nav class="rooms" aria-label="Console">
        {ROOMS.map(([path, name]) => (
          <a href={path} aria-current={name === room ? (up ? 'true' : 'page') : undefined}>
            {name}
          </a>
        ))}
      </nav>
      <div class="who">
        <span class="soft">{operator}</span>
        <form method="post" action="/logout">
          <button type="submit" class="button small">
            Sign out
          </button>
        </form>
      </div>
    </header>
    <main id="main">
      <div class="heading">
        {up && (
          <a class="up" href={ROOMS.find(([, name]) => name === room)?.[0]}>
            ← {room}
          </a>
        )}
        <div>
          <h1>{title}</h1>
          {beside}
        </div>
      </div>
      {children}
    </main>
  </HtmlDocument>
)

export const Panel: FC<PropsWithChildren<{ title: string; id: string }>> = ({ title, id, children }) => (
  <section class="panel" aria-labelledby={id}>
    <h2 id={id}>{title}</h2>
    {children}
  </section>
)

type FiltersProps = {
  label: string
  path: string
  param: string
  now: string
  choices: readonly (readonly [string, string])[]
  /** What else the address says, and keeps. */
  keep?: Record<string, string | undefined>
}

/** Filters that live in the address, so that a view can be sent to a colleague. */
export const Filters: FC<FiltersProps> = ({ label, path, param, now, choices, keep }) => (
  <nav class="filters" aria-label={label}>
    {choices.map(([value, name]) => (
      <a
        href={withQuery(path, { [param]: value, ...keep })}
        aria-current={value === now ? 'true' : undefined}
      >
        {name}
      </a>
    ))}
  </nav>
)
