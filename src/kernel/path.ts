/** Dotted paths into what is sent, such as `products.2.model`; the empty path is the whole of it. */

/** The path of what a part is in. */
export const aroundOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf('.'), 0))

/** The whole, and every part on the way to the one at the path, which is the last. */
export const prefixesOf = (path: string): string[] =>
  path === '' ? [''] : [...prefixesOf(aroundOf(path)), path]

/** The path with `*` for places of lists. */
export const patternOf = (path: string): string => path.replace(/\.\d+(?=\.|$)/g, '.*')

/** What is at a path; undefined for what is not there. */
export const valueAt = (whole: unknown, path: string): unknown =>
  path === '' ? whole : path.split('.').reduce(ownField, whole)

const ownField = (holder: unknown, key: string): unknown =>
  typeof holder === 'object' && holder !== null && Object.hasOwn(holder, key)
    ? (holder as Record<string, unknown>)[key]
    : undefined

/** The whole with another value at a place of it; undefined takes an object's field away. */
export function withValue(whole: unknown, [key, ...rest]: readonly PropertyKey[], value: unknown): unknown {
  if (key === undefined) return value
  if (Array.isArray(whole)) return whole.with(Number(key), withValue(whole[Number(key)], rest, value))
  const { [key]: before, ...others } = Object(whole) as Record<PropertyKey, unknown>
  const after = withValue(before, rest, value)
  return after === undefined ? others : { ...others, [key]: after }
}
