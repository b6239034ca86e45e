import { accrueApi } from './accrue-api.ts'
import { ACME, ENTITY_REF, UNITS } from './demo/company.ts'
import { ADMIN_KEY, type Stack } from './stack.ts'

const OPERATOR = { email: 'demo@lumen.example', name: 'Demo operator', role: 'admin' }
const OPEN_STATES = new Set(['ISSUED', 'PARTIALLY_PAID'])

/** What is printed when the sandbox is ready: where to look, and what to try. */
export async function welcome(stack: Stack): Promise<string> {
  const api = accrueApi(stack.url)
  await api('POST', '/api/operators', OPERATOR)
  const { url: signIn } = await api(
    'POST',
    `/api/operators/${encodeURIComponent(OPERATOR.email)}/sign-in-link`,
  )
  const { now } = await api('GET', '/api/sandbox/clock')
  const { data } = await api('GET', '/api/invoices?limit=50')
  const open = data.find(
    (invoice: { state: string; customer_ref: string }) =>
      OPEN_STATES.has(invoice.state) && invoice.customer_ref === ACME,
  )
  const { data: demo } = await api('GET', `/api/contracts?customer_ref=${ACME}`)

  return `
  Accrue is running. Ctrl-C stops it; the next start finds its data again.

  Console        ${signIn}
                 (signs you in once; afterwards ${stack.url}/console)
  Invoice to pay ${open ? open.hosted_url : 'none is open'}
                 (card 4242 4242 4242 4242; 4000 0000 0000 0002 is declined)
  API docs       ${stack.url}/docs  (keys: ${ADMIN_KEY}, sandbox_ingest_key)
  Mails          ${stack.directory}/mails
  Stripe         ${stack.stripeUrl}  (stand-in)
  Chain          ${stack.rpcUrl}  (USDC at ${stack.tokenAddress})
${demo.length > 0 ? firstSteps(stack, now) : ''}`
}

const firstSteps = (stack: Stack, now: string): string => `
  Send a usage event:

    curl ${stack.url}/api/usage/event \\
      -H 'Authorization: Bearer sandbox_ingest_key' -H 'Content-Type: application/json' \\
      -d '{"timestamp":"${now}","customer_ref":"${ACME}","customer_name":"ACME","usage_product_ref":"${UNITS}","usage_product_name":"Units","quantity":10,"validations":{"currency":"USD","entity_ref":"${ENTITY_REF}"}}'

  Look at what ACME would be billed now, then move time past the issue date, and see that the books balance:

    curl ${stack.url}/api/contracts/invoices/current/acme-2026 -H 'Authorization: Bearer ${ADMIN_KEY}'
    curl ${stack.url}/api/sandbox/clock -H 'Authorization: Bearer ${ADMIN_KEY}' -H 'Content-Type: application/json' \\
      -d '{"advance_to":"${monthAfter(new Date(now))}"}'
    curl ${stack.url}/api/ledger/trial-balance -H 'Authorization: Bearer ${ADMIN_KEY}'
`

/** The second day of the month after: by then each time zone has reached its first. */
function monthAfter(now: Date): string {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 2)).toISOString()
}
