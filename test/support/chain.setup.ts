import { createServer } from 'node:net'
import type { TestProject } from 'vitest/node'
import { mine } from '../../sandbox/chain/blocks.ts'
import { type Chain, startChain } from '../../sandbox/chain/chain.ts'
import { deployToken } from '../../sandbox/chain/token.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** A development chain with the dollar token, shared: each file takes a wallet of its own (`testXpub`). */
    chainRpcUrl: string
    /** Another one, for the one file that replaces blocks and counts them. */
    watcherChainRpcUrl: string
  }
}

/** Starts the chains, since tests in workerd cannot. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [shared, watcher] = await Promise.all([start(), start()])
  project.provide('chainRpcUrl', shared.rpcUrl)
  project.provide('watcherChainRpcUrl', watcher.rpcUrl)
  return async () => {
    await Promise.all([shared.close(), watcher.close()])
  }
}

async function start(): Promise<Chain> {
  const chain = await startChain({ port: await freePort() })
  await deployToken(chain.rpcUrl)
  // So deep that no replaced block reaches the token.
  await mine(chain.rpcUrl, 5)
  return chain
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(address)))
    })
  })
