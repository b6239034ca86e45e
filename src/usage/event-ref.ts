import { fastHash128 } from '../kernel/fast-hash.ts'

/** Says which customer's meter an event is in, and under which id there. */
export type EventPlace = { customerRef: string; id: Uint32Array }

const ID_WORDS = 4
/** The four hexadecimal digits of every 16 bits. */
const HEX = Array.from({ length: 0x10000 }, (_, bits) => bits.toString(16).padStart(4, '0'))
const FORM = /^evt_([\w-]+)\.([0-9a-f]{32})$/
/** No customer has one in its reference; the names of shards do. */
const CONTROL = /\p{Cc}/u

/** Our reference of an event, the same each time that the event is sent. */
export function eventRef(customerRef: string, eventId: string): string {
  const id = new Uint32Array(ID_WORDS)
  fastHash128(eventId, id, 0)
  return eventRefOf(customerRef, id, 0)
}

/** The reference of an event whose id has been hashed. */
export function eventRefOf(customerRef: string, ids: Uint32Array, at: number): string {
  return (
    prefixOf(customerRef) + hexOf(ids[at]!) + hexOf(ids[at + 1]!) + hexOf(ids[at + 2]!) + hexOf(ids[at + 3]!)
  )
}

const hexOf = (word: number): string => HEX[word >>> 16]! + HEX[word & 0xffff]!

/** Where the event is; undefined for what is no reference of ours. */
export function readEventRef(ref: string): EventPlace | undefined {
  const [, customer, hex] = FORM.exec(ref) ?? []
  if (!customer || !hex) return undefined
  try {
    const customerRef = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      fromBase64Url(customer),
    )
    if (CONTROL.test(customerRef)) return undefined
    const id = Uint32Array.from({ length: ID_WORDS }, (_, word) =>
      Number.parseInt(hex.slice(word * 8, word * 8 + 8), 16),
    )
    return { customerRef, id }
  } catch {
    return undefined
  }
}

let lastPrefix = { customerRef: '', prefix: 'evt_.' }

/** Most references that are made one after another are of the same customer. */
function prefixOf(customerRef: string): string {
  if (lastPrefix.customerRef !== customerRef)
    lastPrefix = { customerRef, prefix: `evt_${toBase64Url(new TextEncoder().encode(customerRef))}.` }
  return lastPrefix.prefix
}

const toBase64Url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')

const fromBase64Url = (text: string): Uint8Array =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0))
