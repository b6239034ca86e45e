import { readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { unstable_getMiniflareWorkerOptions, unstable_splitSqlQuery } from 'wrangler'
import { run } from '../../sandbox/processes.ts'
import { childrenNamed } from '../cpu.ts'
import type { Target, TargetName } from './target.ts'

const CONFIG = 'wrangler.toml'
const MIGRATIONS = 'migrations'
export const ADMIN_KEY = 'admin_key_of_the_benchmark'
const WRANGLER = join(
  dirname(createRequire(import.meta.url).resolve('wrangler/package.json')),
  'bin/wrangler.js',
)

/**
 * Bundles a Worker, and runs the bundle in workerd with its objects on disk. Load goes to a socket of the Worker itself,
 * past the proxy that stands before it in development. It runs as in production, with a key like any customer's: the
 * sandbox asks the database for its clock at each request.
 */
export async function startWorker(
  name: TargetName,
  entry: string,
  directory: string,
  inspected = false,
): Promise<Target> {
  const bundle = join(directory, `${name}-bundle`)
  await bundleWorker(entry, bundle)
  const { worker, port, pids } = await startBundle(bundle, join(directory, `${name}-state`), inspected)
  try {
    await migrate(worker)
    return {
      name,
      port,
      key: await makeKey(port),
      adminKey: ADMIN_KEY,
      pids,
      stores: name === 'accrue',
      ...(inspected ? { inspector: await inspectorOf(worker, bundle) } : {}),
      close: () => worker.dispose(),
    }
  } catch (error) {
    await worker.dispose()
    throw error
  }
}

/** Bundles a Worker as a deployment would be. */
export const bundleWorker = (entry: string, bundle: string): Promise<void> =>
  run(process.execPath, [WRANGLER, 'deploy', entry, '--dry-run', '--outdir', bundle], {
    CI: '1',
    WRANGLER_SEND_METRICS: 'false',
  })

/** Runs a bundle in workerd on what is in the directory `state`, which outlives it. */
export async function startBundle(bundle: string, state: string, inspected = false) {
  const others = childrenNamed('workerd')
  const worker = new Miniflare(options(bundle, state, inspected))
  try {
    await worker.ready
    const pids = childrenNamed('workerd').filter((pid) => !others.includes(pid))
    process.prependOnceListener('exit', () => kill(pids))
    return { worker, pids, port: Number((await worker.unsafeGetDirectURL('accrue')).port) }
  } catch (error) {
    await worker.dispose()
    throw error
  }
}

function options(bundle: string, state: string, inspected: boolean) {
  const { workerOptions } = unstable_getMiniflareWorkerOptions(CONFIG)
  // Without the router of static files, which is no part of the way of an event.
  const { assets: _, modulesRules: __, ...bindings } = workerOptions
  return convertV4MiniflareOptions({
    ...bindings,
    name: 'accrue',
    rootPath: bundle,
    modules: [{ type: 'ESModule', path: 'index.js' }],
    bindings: Object.assign({ ADMIN_KEY }, bindings.bindings),
    resourcePersistencePath: state,
    unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
    // One line for each request, as in production; nobody reads them here.
    handleStructuredLogs: () => undefined,
    ...(inspected ? { inspectorPort: 0 } : {}),
  })
}

/** Ends what is still there when this process leaves: it writes to a directory that is about to go. */
function kill(pids: readonly number[]): void {
  for (const pid of childrenNamed('workerd')) if (pids.includes(pid)) process.kill(pid, 'SIGKILL')
}

async function inspectorOf(worker: Miniflare, bundle: string) {
  const url = new URL('./core:user:accrue', await worker.getInspectorURL()).href
  return { url, bundle: join(bundle, 'index.js') }
}

/** Gives the empty database its tables. */
export async function migrate(worker: Miniflare): Promise<void> {
  const db = await worker.getD1Database('DB')
  for (const file of (await readdir(MIGRATIONS)).filter((name) => name.endsWith('.sql')).sort()) {
    const statements = unstable_splitSqlQuery(await readFile(join(MIGRATIONS, file), 'utf8'))
    await db.batch(statements.map((statement) => db.prepare(statement)))
  }
}

async function makeKey(port: number): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/keys`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'benchmark', scopes: ['ingest', 'read'] }),
  })
  if (answer.status !== 201) throw new Error(`No key could be made: ${await answer.text()}`)
  return ((await answer.json()) as { secret: string }).secret
}
