import { html } from 'hono/html'
import type { FC } from 'hono/jsx'
import { scopeAskedBy } from '../access/auth.http.ts'
import type { Scope } from '../access/principal.ts'
import type { Router } from '../http/router.http.ts'
import { completeDocument, type Document } from './api-docs/document.ts'
import { EXAMPLES } from './api-docs/examples.ts'
import { WORDS } from './api-docs/words.ts'

const ABOUT = `Contract-to-cash in one Worker: usage events become invoices, invoices are paid by card, wire or crypto,
payments are matched, revenue is recognised, and the books balance.

Money is a decimal string in major units with its currency beside it. Instants are RFC 3339, dates are YYYY-MM-DD.
Writes take an Idempotency-Key, except where a repeat changes nothing anyway (batches of events, bank statements,
operators), and when a key or a sign-in link is made, since its secret is not stored.
Errors are application/problem+json with a stable code.`

/** The API's description: made from the route schemas, shown by Swagger UI, and told in short to language models. */
export function mountDocs(app: Router): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    description: 'An API key. Scopes: ingest, read, finance, admin.',
  })
  let document: Document | undefined
  app.get('/openapi.json', (c) => {
    document ??= completeDocument(made(app), { words: WORDS, examples: EXAMPLES, scopes: scopesOf(app) })
    return c.json(document)
  })
  app.get('/docs', (c) => c.html(<DocsPage />))
  app.get('/llms.txt', (c) => c.text(LLMS))
}

/** As the route schemas describe it. The types of the package leave open what is read here. */
const made = (app: Router): Document =>
  app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: { title: 'Accrue', version: 'V0', description: ABOUT, license: { name: 'MIT' } },
  }) as unknown as Document

/** What each call asks of its key, as its route has it; by the name that the document gives it. */
const scopesOf = ({ routes }: Router): ReadonlyMap<string, Scope> =>
  new Map(
    routes.flatMap(({ method, path, handler }) => {
      const scope = scopeAskedBy(handler)
      return scope ? [[`${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`, scope] as const] : []
    }),
  )

const DocsPage: FC = () =>
  html`<!doctype html>${(
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Accrue API</title>
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/docs-ui/swagger-ui.css" />
        <script defer src="/docs-ui/swagger-ui-bundle.js" />
        <script defer src="/assets/docs.js" />
      </head>
      <body>
        <main id="api">
          <noscript>
            This page needs JavaScript; the same is told by <a href="/openapi.json">openapi.json</a>.
          </noscript>
        </main>
      </body>
    </html>
  )}`

const LLMS = `# Accrue

> ${ABOUT.replaceAll('\n', '\n> ')}

- [OpenAPI 3.1 document](/openapi.json): every call, its schemas and errors
- [API pages](/docs): the same for people

## First calls

Send the header "Authorization: Bearer <key>".

- POST /api/entities, POST /api/customers, POST /api/products, POST /api/contracts: what is sold to whom, at which price
- POST /api/usage/event or POST /api/usage/events: usage; each event counts exactly once, however often it is sent
- GET /api/usage/summary: live totals
- GET /api/invoices, GET /api/invoices/<ref>: what was issued, what is due, and the link to pay it
- GET /api/payments, POST /api/bank-statements, POST /api/invoices/reconcile: what was paid
- GET /api/ledger/trial-balance?as_of=YYYY-MM-DD: the books
`
