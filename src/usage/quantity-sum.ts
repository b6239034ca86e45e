import { add, type Rational } from '../kernel/rational.ts'
import { formatQuantity, readQuantity } from './quantity.ts'

/** So many digits of a quantity are added as a whole number of its last place, which JavaScript holds exactly. */
const SMALL_DIGITS = 15

/**
 * Adds quantities exactly. Those of up to 15 digits are added as whole numbers, one sum for each number of decimal
 * places, and only when a sum leaves the range of exact whole numbers is it carried over.
 */
export class QuantitySum {
  #carried: Rational | undefined
  #units = 0
  #places = 0
  /** Sums of other numbers of decimal places than the first. */
  #others: number[] | undefined

  /** Adds a quantity that `formatQuantity` wrote. */
  add(text: string): void {
    if (text.length > SMALL_DIGITS) {
      this.addExact(readQuantity(text))
      return
    }
    const point = text.indexOf('.')
    const places = point < 0 ? 0 : text.length - point - 1
    const units = Number(point < 0 ? text : text.slice(0, point) + text.slice(point + 1))
    if (this.#units === 0) this.#places = places
    if (places === this.#places) this.#units = this.#plus(this.#units, units, places)
    else {
      this.#others ??= []
      this.#others[places] = this.#plus(this.#others[places] ?? 0, units, places)
    }
  }

  addExact(quantity: Rational): void {
    this.#carried = this.#carried ? add(this.#carried, quantity) : quantity
  }

  total(): Rational {
    for (const [places, units] of this.#others?.entries() ?? []) if (units) this.#carry(units, places)
    this.#others = undefined
    if (!this.#carried || this.#units !== 0) this.#carry(this.#units, this.#places)
    this.#units = 0
    return this.#carried!
  }

  /** The total as `formatQuantity` writes it. */
  text(): string {
    const isSmall = !this.#carried && !this.#others
    return isSmall ? withoutIdleZeros(scaled(this.#units, this.#places)) : formatQuantity(this.total())
  }

  #plus(sum: number, units: number, places: number): number {
    if (Number.isSafeInteger(sum + units)) return sum + units
    this.#carry(sum, places)
    return units
  }

  #carry(units: number, places: number): void {
    this.addExact(readQuantity(scaled(units, places)))
  }
}

/** The decimal text of so many units of a decimal place. */
function scaled(units: number, places: number): string {
  if (places === 0) return String(units)
  const digits = String(Math.abs(units)).padStart(places + 1, '0')
  return `${units < 0 ? '-' : ''}${digits.slice(0, -places)}.${digits.slice(-places)}`
}

const withoutIdleZeros = (text: string): string =>
  text.endsWith('0') && text.includes('.') ? text.replace(/\.?0+$/, '') : text
