import type { UsageMeter } from './usage/meter/meter.object.ts'

/** Bindings of wrangler.toml, and the settings and secrets that README.md lists. */
export interface Env {
  DB: D1Database
  USAGE_METER: DurableObjectNamespace<UsageMeter>
  CYCLES: Queue<CycleMessage | AccrualMessage>
  OUTBOX: Queue<OutboxNotice>
  /** Notices of what goes to others' software: it may be slow. */
  WEBHOOKS: Queue<OutboxNotice>
  ARCHIVE: R2Bucket
  EMAIL: SendEmail
  ASSETS: Fetcher
  /** Calls of one credential or address; see wrangler.toml for the figures. */
  CALL_RATE: RateLimit
  /** Tries of one address to sign in, or to open a card page. */
  GUESS_RATE: RateLimit

  /** `production` or `sandbox`; the sandbox has a clock that can be moved and two well-known keys. */
  ENVIRONMENT: string
  /** Where people reach this deployment, for links in e-mails. By default the address of the request. */
  PUBLIC_URL?: string
  /** Sender of e-mails, an address of a domain set up for Cloudflare Email. */
  MAIL_FROM?: string
  /** Comma separated e-mail addresses that may always sign in as admin, whoever else is an operator. */
  ADMIN_EMAILS?: string
  /** Team domain (`team.cloudflareaccess.com`) and audience tag, where Cloudflare Access guards the console. */
  ACCESS_TEAM_DOMAIN?: string
  ACCESS_AUD?: string
  /** `true`: usage of customers and products that are not set up is refused. */
  STRICT_REFS?: string
  /** Another address for the Stripe API; the sandbox sets it. */
  STRIPE_API_BASE?: string
  /** Where the files of the European Central Bank are read; empty for nowhere. The sandbox reads them only if set. */
  ECB_RATES_URL?: string
  /** JSON: chain id to RPC URL, for example `{"8453":"https://…"}`. */
  CHAIN_RPC_URLS?: string

  /** Secret: signs the links of hosted invoices; the secrets of webhooks are made from it. */
  LINK_SECRET?: string
  /** Secret: an API key with scope admin, to make the first keys with. */
  ADMIN_KEY?: string
  STRIPE_SECRET_KEY?: string
  STRIPE_WEBHOOK_SECRET?: string
}

/** Names the contracts that one cron tick claimed. */
export type CycleMessage = { claimToken: string }
/** A month's accrual has stopped at its bound, and goes on. */
export type AccrualMessage = { accruals: 'go on' }
/** Asks for one attempt at an outbox row; of two notices for the same attempt only one is carried out. */
export type OutboxNotice = { outboxId: string; attempt: number }

export const isSandbox = (env: Env): boolean => env.ENVIRONMENT === 'sandbox'
