import { createServer } from 'node:net'
import type { TestProject } from 'vitest/node'
import { mine } from '../../sandbox/chain/blocks.ts'
import { startChain } from '../../sandbox/chain/chain.ts'
import { deployToken } from '../../sandbox/chain/token.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** URL of a development chain with the dollar token; tests in workerd cannot start one. */
    chainRpcUrl: string
  }
}

/** Starts one chain for all files that need one: each takes a wallet of its own (`testXpub`). */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const chain = await startChain({ port: await freePort() })
  await deployToken(chain.rpcUrl)
  // Deep enough that no reorg of a test reaches the token.
  await mine(chain.rpcUrl, 5)
  project.provide('chainRpcUrl', chain.rpcUrl)
  return chain.close
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
