/**
 * A decimal as people read it, without a change of its digits. `Intl` writes the same, but takes a tenth of the time in
 * which a line is rated for each tier that is named with it.
 *
 * @example groupDigits('-12500.1234') // '-12,500.1234'
 */
export function groupDigits(decimal: string): string {
  const point = decimal.indexOf('.')
  const first = decimal.startsWith('-') ? 1 : 0
  let from = point < 0 ? decimal.length : point
  let read = decimal.slice(from)
  for (; from - 3 > first; from -= 3) read = `,${decimal.slice(from - 3, from)}${read}`
  return decimal.slice(0, from) + read
}
