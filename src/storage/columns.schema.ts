import { customType, integer, text } from 'drizzle-orm/sqlite-core'

/**
 * Minor units of money: a bigint in the program, an INTEGER in SQLite. The driver binds JavaScript numbers only, so an
 * amount beyond ±2^53 is refused here, before anything is written.
 */
export const minor = customType<{ data: bigint; driverData: number }>({
  dataType: () => 'integer',
  toDriver(value) {
    const number = Number(value)
    if (!Number.isSafeInteger(number)) throw new RangeError(`amount ${value} is beyond 2^53 minor units`)
    return number
  },
  fromDriver(value) {
    if (!Number.isSafeInteger(value)) throw new RangeError(`stored amount ${value} is no whole number`)
    return BigInt(value)
  },
})

/** UTC epoch milliseconds. */
export const instant = (name: string) => integer(name, { mode: 'number' })

/** Any JSON value; the type is the caller's promise, kept by the zod schema at the edge. */
export const json = <T>(name: string) => text(name, { mode: 'json' }).$type<T>()
