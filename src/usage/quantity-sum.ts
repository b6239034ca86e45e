import { add, type Rational } from '../kernel/rational.ts'
import { readQuantity } from './quantity.ts'

/** So many digits of a quantity are added as a whole number of its last place, which JavaScript holds exactly. */
const SMALL_DIGITS = 15

/**
 * Adds quantities exactly. Those of up to 15 digits are added as whole numbers, one sum for each number of decimal
 * places, and only when a sum leaves the range of exact whole numbers is it carried over.
 */
export class QuantitySum {
  #carried: Rational = readQuantity('0')
  readonly #units: number[] = []

  /** Adds a quantity that `formatQuantity` wrote. */
  add(text: string): void {
    const point = text.indexOf('.')
    const places = point < 0 ? 0 : text.length - point - 1
    if (text.length > SMALL_DIGITS) {
      this.addExact(readQuantity(text))
      return
    }
    const units = Number(point < 0 ? text : text.slice(0, point) + text.slice(point + 1))
    const sum = (this.#units[places] ?? 0) + units
    if (Number.isSafeInteger(sum)) this.#units[places] = sum
    else this.#carry(places, units)
  }

  addExact(quantity: Rational): void {
    this.#carried = add(this.#carried, quantity)
  }

  total(): Rational {
    for (const places of this.#units.keys()) if (this.#units[places]) this.#carry(places, 0)
    return this.#carried
  }

  #carry(places: number, next: number): void {
    this.addExact(readQuantity(scaled(this.#units[places] ?? 0, places)))
    this.#units[places] = next
  }
}

/** The decimal text of so many units of a decimal place. */
function scaled(units: number, places: number): string {
  if (places === 0) return String(units)
  const digits = String(Math.abs(units)).padStart(places + 1, '0')
  return `${units < 0 ? '-' : ''}${digits.slice(0, -places)}.${digits.slice(-places)}`
}
