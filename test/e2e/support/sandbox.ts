import { createServer } from 'node:net'
import { type AccrueApi, accrueApi } from '../../../sandbox/accrue-api.ts'
import { type Stack, startStack } from '../../../sandbox/stack.ts'

/** The whole sandbox, empty, on ports of its own. */
export async function startSandbox(directory: string): Promise<{ stack: Stack; api: AccrueApi }> {
  const [port, chainPort, stripePort] = await freePorts(3)
  const options = {
    fresh: true,
    empty: true,
    port: port!,
    chainPort: chainPort!,
    stripePort: stripePort!,
    directory,
  }
  const stack = await startStack(options, () => {})
  return { stack, api: accrueApi(stack.url) }
}

/** Ports that nothing listens on; all are held until the last is found, so that they differ. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer())
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) =>
          server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)),
        ),
    ),
  )
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}
