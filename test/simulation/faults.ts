import type { Env } from '../../src/env.ts'
import type { Random } from './random.ts'

/** How often things go wrong; 0 is a quiet day. */
export type Weather = { failure: number }

/**
 * The same bindings, behind a bad network: a batch or a call of a meter may fail before anything happened, or after all
 * of it did and only the answer was lost. Whoever calls cannot tell which.
 */
export const inBadWeather = (env: Env, random: Random, weather: Weather, queue: unknown[]): Env => ({
  ...env,
  DB: wrapped(env.DB, (name) => (name === 'batch' ? mayFail(random, weather) : plainly)),
  USAGE_METER: new Proxy(env.USAGE_METER, {
    get: (meters, name) =>
      name === 'getByName'
        ? (customerRef: string) => wrapped(meters.getByName(customerRef), () => mayFail(random, weather))
        : Reflect.get(meters, name),
  }),
  CYCLES: { send: async (message: unknown) => queue.push(message) } as unknown as Env['CYCLES'],
  OUTBOX: { send: async () => {}, sendBatch: async () => {} } as unknown as Env['OUTBOX'],
})

type Call = () => unknown
type Manner = (call: Call) => unknown

const plainly: Manner = (call) => call()

/** Every method called on the object is called in the manner given for its name. */
const wrapped = <T extends object>(object: T, mannerOf: (name: string | symbol) => Manner): T =>
  new Proxy(object, {
    get(_, name) {
      const member = Reflect.get(object, name)
      if (typeof member !== 'function') return member
      return (...args: unknown[]) => mannerOf(name)(() => Reflect.apply(member, object, args))
    },
  })

const mayFail =
  (random: Random, weather: Weather): Manner =>
  async (call) => {
    if (random.chance(weather.failure)) throw connectionLost(random)
    const answer = await call()
    if (random.chance(weather.failure)) throw connectionLost(random)
    return answer
  }

const connectionLost = (random: Random): Error =>
  Object.assign(new Error('Network connection lost.'), { retryable: random.chance(0.5) })
