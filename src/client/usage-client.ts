import { BufferingClient } from './buffering-client.ts'
import type { UsageClient, UsageClientOptions } from './options.ts'
import { UsageClientError } from './usage-event.ts'

export type { UsageRetry } from './delivery.ts'
export type { UsageClient, UsageClientOptions } from './options.ts'
export type { NewUsageEvent, UsageEvent, UsageProblem, UsageResult } from './usage-event.ts'
export { UsageClientError }

/**
 * Makes a client that takes usage events at once and sends them in batches, each until it is acknowledged. Every
 * attempt carries the same ids, so nothing is counted twice.
 *
 * @example
 * const usage = createUsageClient({ url: 'https://billing.example.com', apiKey, onRejected: console.error })
 * usage.track({ customer_ref: 'globex', usage_product_ref: 'api-calls', quantity: 1 })
 * await usage.close()
 */
export function createUsageClient(options: UsageClientOptions): UsageClient {
  if (!options.apiKey) throw new TypeError('createUsageClient needs an apiKey.')
  if (!options.newId && (typeof crypto === 'undefined' || crypto.randomUUID === undefined)) {
    throw new TypeError('There is no crypto.randomUUID here: give createUsageClient a newId.')
  }
  return new BufferingClient(options, options.newId ?? (() => crypto.randomUUID()))
}
