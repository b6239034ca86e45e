import type { AccrualMessage, CycleMessage, Env } from '../../src/env.ts'
import type { SealedUsage, SealRequest } from '../../src/usage/sealed-usage.ts'

/** Calls that a contract has used in each month of a cycle that has begun. */
const CALLS = 100

/** The bindings that the jobs of a month ask for, with what they have asked for so far. */
export type Books = {
  env: Env
  queue: (CycleMessage | AccrualMessage)[]
  asked: { statements: number; meters: number }
}

/** Books over a database; the meters answer at once, since what they cost is measured by themselves. */
export function booksOver(d1: D1Database): Books {
  const queue: Books['queue'] = []
  const asked = { statements: 0, meters: 0 }
  const meter = {
    preview: async (request: SealRequest, until?: number) => {
      asked.meters += 1
      return usageOf(request, until)
    },
    seal: async (request: SealRequest) => usageOf(request),
  }
  const env = {
    DB: counting(d1, asked),
    CYCLES: { send: async (message: CycleMessage | AccrualMessage) => void queue.push(message) },
    USAGE_METER: { getByName: () => meter },
  }
  return { env: env as unknown as Env, queue, asked }
}

function usageOf({ cycleNo, products, months }: SealRequest, until = Number.POSITIVE_INFINITY): SealedUsage {
  const byMonth = Object.fromEntries(
    months.map(({ month, start }) => [month, start < until ? String(CALLS) : '0']),
  )
  const begun = months.filter(({ start }) => start < until).length
  const used = { quantity: String(begun * CALLS), byMonth }
  return { cycleNo, products: products.map(({ productRef }) => ({ productRef, ...used })), corrections: [] }
}

/** The same database; each statement that is prepared counts. */
const counting = (d1: D1Database, asked: Books['asked']): D1Database =>
  new Proxy(d1, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      return (...given: unknown[]) => {
        if (name === 'prepare') asked.statements += 1
        return value.apply(target, given)
      }
    },
  })
