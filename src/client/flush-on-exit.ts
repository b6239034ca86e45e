import type { UsageClient, UsageEvent } from './usage-client.ts'

/** The part of Node's `process` that is used; Deno and Bun have it too. */
type Process = {
  pid: number
  kill(pid: number, signal: string): void
  once(event: string, listener: () => void): void
  off(event: string, listener: () => void): void
  listenerCount(event: string): number
}

export type FlushOnExitOptions = {
  /** How long the process may wait for acknowledgements (10,000). */
  timeoutMs?: number
  /** Gets what was not acknowledged in time, to keep it for the next start. What it returns is awaited. */
  onUnsent?: (events: UsageEvent[]) => unknown
}

/**
 * Closes the client when the process ends by SIGTERM or SIGINT, or because nothing is left to do; returns a function
 * that takes this back. Afterwards the signal ends the process as it would have, unless the host listens to it itself:
 * then the host decides. `process.exit()` and crashes leave no time for anything; call `close()` before the one, and
 * send again from your own records after the other.
 */
export function flushOnExit(client: UsageClient, options: FlushOnExitOptions = {}): () => void {
  const { process } = globalThis as unknown as { process: Process }
  const { timeoutMs = 10_000, onUnsent } = options
  let closed: Promise<unknown> | undefined
  const close = () => {
    closed ??= client.close({ timeoutMs }).then(({ unsent }) => unsent.length > 0 && onUnsent?.(unsent))
    return closed
  }
  const onSignal = (signal: string) => () => {
    const end = () => process.listenerCount(signal) === 0 && process.kill(process.pid, signal)
    void close().finally(end)
  }
  const listeners: [string, () => void][] = [
    ['beforeExit', () => void close()],
    ['SIGTERM', onSignal('SIGTERM')],
    ['SIGINT', onSignal('SIGINT')],
  ]
  for (const [event, listener] of listeners) process.once(event, listener)
  return () => {
    for (const [event, listener] of listeners) process.off(event, listener)
  }
}
