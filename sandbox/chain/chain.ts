import { type ChildProcess, spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { setTimeout as wait } from 'node:timers/promises'

export const CHAIN_ID = 31337

const START_MS_MAX = 15_000
const CLOSE_MS_MAX = 5_000

export type ChainOptions = {
  port: number
  /** Where the chain is kept between starts; without it, it ends with the process. */
  stateFile?: string | undefined
  /** Seconds between blocks; without it a block is made for each transaction, and by `mine`. */
  blockTimeSeconds?: number | undefined
}

export type Chain = { rpcUrl: string; close(): Promise<void> }

/**
 * A local Ethereum chain. Blocks become `finalized` two blocks later, so a payment passes from seen to final within
 * seconds; on a real chain that takes about a quarter of an hour.
 */
export async function startChain({ port, stateFile, blockTimeSeconds }: ChainOptions): Promise<Chain> {
  const flags = [
    '--port',
    String(port),
    '--chain-id',
    String(CHAIN_ID),
    '--slots-in-an-epoch',
    '1',
    '--quiet',
  ]
  // The state is also written while running, since a process that is killed writes nothing.
  if (stateFile) flags.push('--state', stateFile, '--state-interval', '5')
  // A transaction gets its block at once; the other blocks come by time.
  if (blockTimeSeconds) flags.push('--block-time', String(blockTimeSeconds), '--mixed-mining')
  const anvil = spawn(anvilBinary(), flags, { stdio: ['ignore', 'ignore', 'pipe'] })
  // Whoever forgets to close it, or fails, leaves no chain running.
  const endWithUs = () => anvil.kill()
  process.once('exit', endWithUs)
  anvil.once('exit', () => process.off('exit', endWithUs))
  const rpcUrl = `http://127.0.0.1:${port}`
  await untilReady(anvil, rpcUrl)
  return { rpcUrl, close: () => end(anvil) }
}

/** The program of this platform's package: it is used directly, so that ending it leaves nothing behind. */
function anvilBinary(): string {
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch
  const name = `@foundry-rs/anvil-${process.platform}-${architecture}/bin/anvil`
  const file = process.platform === 'win32' ? `${name}.exe` : name
  const anvil = createRequire(import.meta.url).resolve('@foundry-rs/anvil/package.json')
  return createRequire(anvil).resolve(file)
}

async function untilReady(anvil: ChildProcess, rpcUrl: string): Promise<void> {
  let errors = ''
  anvil.stderr?.on('data', (chunk) => (errors += chunk))
  let failure: Error | undefined
  anvil.once('error', (error) => (failure = error))
  for (let waited = 0; waited < START_MS_MAX; waited += 50) {
    if (failure) throw failure
    if (anvil.exitCode !== null)
      throw new Error(`The chain ended before it was ready: ${errors.slice(-1_000)}`)
    if (await answers(rpcUrl)) return
    await wait(50)
  }
  anvil.kill()
  throw new Error(`The chain at ${rpcUrl} did not answer within ${START_MS_MAX} ms`)
}

const answers = (rpcUrl: string): Promise<boolean> =>
  fetch(rpcUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] }),
  }).then(
    (answer) => answer.ok,
    () => false,
  )

/** Asked to end, anvil writes its state first. */
async function end(anvil: ChildProcess): Promise<void> {
  if (anvil.exitCode !== null || anvil.signalCode !== null) return
  const ended = new Promise((resolve) => anvil.once('exit', resolve))
  anvil.kill('SIGTERM')
  await Promise.race([ended, wait(CLOSE_MS_MAX, undefined, { ref: false })])
  anvil.kill('SIGKILL')
}
