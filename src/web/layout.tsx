import { html } from 'hono/html'
import type { FC, PropsWithChildren } from 'hono/jsx'

type DocumentProps = PropsWithChildren<{
  title: string
  /** Names of page scripts in `islands/`; every page works without them. */
  scripts?: readonly string[] | undefined
  /** Which of the page layouts of style.css is used. */
  layout: 'console' | 'invoice' | 'card'
}>

/** The HTML document around every page. Nothing comes from another origin, and no page is for search engines. */
export const HtmlDocument: FC<DocumentProps> = ({ title, scripts = [], layout, children }) =>
  html`<!doctype html>${(
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex, nofollow" />
        <meta name="color-scheme" content="light dark" />
        <title>{title}</title>
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/assets/style.css" />
        {scripts.map((name) => (
          <script defer src={`/assets/${name}.js`} />
        ))}
      </head>
      <body class={layout}>
        <a class="skip" href="#main">
          Skip to the content
        </a>
        {children}
      </body>
    </html>
  )}`

/** A single card in the middle of the page: signing in, and messages. */
export const CardPage: FC<PropsWithChildren<{ title: string }>> = ({ title, children }) => (
  <HtmlDocument title={`${title} · Accrue`} layout="card">
    <main id="main">
      <Wordmark />
      <h1>{title}</h1>
      {children}
    </main>
  </HtmlDocument>
)

export const Wordmark: FC = () => (
  <span class="wordmark">
    <svg viewBox="0 0 16 16" aria-hidden="true">
      <path d="M1 15V10h3.5v5zM6.25 15V6h3.5v9zM11.5 15V1H15v14z" />
    </svg>
    Accrue
  </span>
)
