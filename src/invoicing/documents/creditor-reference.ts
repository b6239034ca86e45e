/** Longest body of a reference: 25 characters less `RF` and two check digits. */
const BODY_MAX = 21

/**
 * The structured creditor reference of ISO 11649 for a document number: `RF`, two check digits (ISO 7064 mod 97-10),
 * and the letters and digits of the number. Banks carry it unchanged, so a payment that quotes it names its invoice.
 * Of a number longer than 21 characters the end is taken: that is where documents differ.
 *
 * @example creditorReference('INV2026000123') // RF98INV2026000123
 */
export function creditorReference(number: string): string {
  const body = lettersAndDigits(number).slice(-BODY_MAX)
  if (body === '') throw new RangeError(`"${number}" has no letter or digit to make a reference of`)
  const check = 98 - mod97(`${body}RF00`)
  return `RF${String(check).padStart(2, '0')}${body}`
}

/** True if the check digits hold. Blanks and lower case are taken, as people type them. */
export function isCreditorReference(text: string): boolean {
  const reference = text.replace(/\s/g, '').toUpperCase()
  return /^RF\d{2}[A-Z0-9]{1,21}$/.test(reference) && mod97(reference.slice(4) + reference.slice(0, 4)) === 1
}

const lettersAndDigits = (text: string): string => text.toUpperCase().replace(/[^A-Z0-9]/g, '')

/** Letters count as 10 to 35; the number they form is taken digit by digit, so it never grows. */
const mod97 = (text: string): number =>
  [...text].reduce((rest, character) => {
    const value = Number.parseInt(character, 36)
    return (rest * (value > 9 ? 100 : 10) + value) % 97
  }, 0)
