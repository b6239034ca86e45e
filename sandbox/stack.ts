import type { ChildProcess } from 'node:child_process'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { CHAIN_ID, startChain } from './chain/chain.ts'
import { deployToken } from './chain/token.ts'
import { mailKeeper } from './mails.ts'
import type { Options } from './options.ts'
import { requireFreePort, run, startServer, stopServer, waitUntilUp } from './processes.ts'
import { startStripeStandIn } from './stripe/server.ts'
import { requireSameTables } from './tables.ts'

export const ADMIN_KEY = 'sandbox_admin_key'
export const STRIPE_SECRET_KEY = 'sk_test_sandbox'
const MAIL_FROM = 'billing@lumen.example'
/** Run by the Node that runs this: wrangler takes no older one that may come first on the path. */
const WRANGLER = join(
  dirname(createRequire(import.meta.url).resolve('wrangler/package.json')),
  'bin/wrangler.js',
)
const STRIPE_WEBHOOK_SECRET = 'whsec_sandbox'

/** A running sandbox: the Worker with all its bindings, a chain, and the Stripe stand-in. */
export type Stack = {
  url: string
  rpcUrl: string
  stripeUrl: string
  tokenAddress: string
  directory: string
  /** Resolves when the Worker ends by itself. */
  ended: Promise<void>
  close(): Promise<void>
}

/** Starts everything, or nothing: what was started is ended again when a later step fails. */
export async function startStack(options: Options, say: (step: string) => void): Promise<Stack> {
  const closers: (() => Promise<void>)[] = []
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer()
  }
  try {
    return await startAll(options, say, closers, close)
  } catch (error) {
    await close()
    throw error
  }
}

async function startAll(
  options: Options,
  say: (step: string) => void,
  closers: (() => Promise<void>)[],
  close: () => Promise<void>,
): Promise<Stack> {
  const directory = resolve(options.directory)
  await requireFreePort(options.port, 'Accrue', '--port')
  await requireFreePort(options.chainPort, 'the local chain', '--chain-port')
  await requireFreePort(options.stripePort, 'the Stripe stand-in', '--stripe-port')
  if (options.fresh) await rm(directory, { recursive: true, force: true })
  await mkdir(directory, { recursive: true })
  await requireSameTables('migrations', directory)

  const state = join(directory, 'state')
  say('Preparing the database')
  await run(
    process.execPath,
    [WRANGLER, 'd1', 'migrations', 'apply', 'DB', '--local', '--persist-to', state],
    QUIET,
  )

  say('Starting a chain with a dollar token')
  const chain = await startChain({
    port: options.chainPort,
    stateFile: join(directory, 'chain.json'),
    blockTimeSeconds: 1,
  })
  closers.push(() => chain.close())
  const tokenAddress = await deployToken(chain.rpcUrl)

  say('Starting the Stripe stand-in')
  const url = `http://localhost:${options.port}`
  const stripe = await startStripeStandIn({
    port: options.stripePort,
    dataFile: join(directory, 'stripe.sqlite'),
    webhookUrl: `${url}/webhooks/stripe`,
    webhookSecret: STRIPE_WEBHOOK_SECRET,
    clock: () => sandboxTime(url),
  })
  closers.push(() => stripe.close())

  say('Starting the Worker')
  const worker = await startWorker(options, directory, state, url, {
    chain: chain.rpcUrl,
    stripe: stripe.url,
  })
  closers.push(() => stopServer(worker))
  const keepMails = mailKeeper(url, join(directory, 'mails'))
  const rounds = everyTwoSeconds(async () => {
    await ringCron(url)
    await keepMails()
  })
  closers.push(async () => {
    clearInterval(rounds)
    await keepMails()
  })

  const ended = new Promise<void>((done) => worker.once('exit', () => done()))
  return { url, rpcUrl: chain.rpcUrl, stripeUrl: stripe.url, tokenAddress, directory, ended, close }
}

/** Keeps the tools from asking questions, reporting usage, or looking for the network. */
const QUIET = { CI: '1', WRANGLER_SEND_METRICS: 'false', CLOUDFLARE_CF_FETCH_ENABLED: 'false' }

async function startWorker(
  options: Options,
  directory: string,
  state: string,
  url: string,
  outside: { chain: string; stripe: string },
): Promise<ChildProcess> {
  const settings = {
    ENVIRONMENT: 'sandbox',
    PUBLIC_URL: url,
    MAIL_FROM,
    LINK_SECRET: 'links of the sandbox',
    STRIPE_SECRET_KEY,
    STRIPE_WEBHOOK_SECRET,
    STRIPE_API_BASE: outside.stripe,
    CHAIN_RPC_URLS: JSON.stringify({ [CHAIN_ID]: outside.chain }),
  }
  const settingsFile = join(directory, 'worker.env')
  const lines = Object.entries(settings).map(([name, value]) => `${name}='${value}'`)
  await writeFile(settingsFile, `${lines.join('\n')}\n`)

  const logFile = join(directory, 'worker.log')
  const flags = [
    '--port',
    String(options.port),
    '--inspector-port',
    '0',
    '--persist-to',
    state,
    '--env-file',
    settingsFile,
  ]
  const worker = startServer(
    'wrangler',
    ['dev', ...flags, '--show-interactive-dev-session=false'],
    logFile,
    QUIET,
  )
  try {
    await waitUntilUp(`${url}/healthz`, worker, logFile, 60)
  } catch (error) {
    await stopServer(worker)
    throw error
  }
  return worker
}

/** What Accrue's clock shows, so that payments bear the dates of the business; real time while it is not up. */
async function sandboxTime(url: string): Promise<number> {
  const answer = await fetch(`${url}/api/sandbox/clock`, {
    headers: { authorization: `Bearer ${ADMIN_KEY}` },
  }).catch(() => undefined)
  if (!answer?.ok) return Date.now()
  const { now } = (await answer.json()) as { now: string }
  return Date.parse(now)
}

/** Stands in for Cloudflare's clock, which rings the cron trigger each minute. */
const ringCron = (url: string) =>
  fetch(`${url}/cdn-cgi/handler/scheduled?cron=${encodeURIComponent('* * * * *')}`).catch(() => undefined)

/** Does something again and again, never twice at once. */
function everyTwoSeconds(work: () => Promise<void>): NodeJS.Timeout {
  let running = false
  return setInterval(async () => {
    if (running) return
    running = true
    await work().catch((error) => console.error(error))
    running = false
  }, 2_000)
}
