import type { Instant } from '../kernel/calendar.ts'
import { fastHash128 } from '../kernel/fast-hash.ts'
import type { Consignment } from './consignment.ts'
import { contentOf, ENTRY_WORDS } from './known-ids/id-entry.ts'
import { ParcelBuilder } from './parcel.ts'
import { type Spread, shardName, shardOf, UNSPREAD } from './shards.ts'
import type { UsageEvent } from './usage-event.ts'

/**
 * Puts the events of a batch that has one identity into parcels that are counted as a whole: one for each customer,
 * and more where they are too large. The same batch makes the same parcels again, so each is known by the batch's key
 * and its own number among those of the customer.
 */
export function consignWhole(
  events: readonly UsageEvent[],
  places: Iterable<number>,
  spreads: ReadonlyMap<string, Spread>,
  now: Instant,
  key: string,
): Consignment[] {
  const byCustomer = Map.groupBy(places, (place) => events[place]!.customerRef)
  return [...byCustomer].flatMap(([customerRef, own]) => {
    const spread = spreads.get(customerRef) ?? UNSPREAD
    return filled(events, own, now).map(({ builder, places }, part): Consignment => {
      const { ids, ...parcel } = builder.parcel()
      // No id of an event holds a line feed.
      const whole = wholeEntry(`${key}\n${part}`, ids)
      return {
        meter: shardName(customerRef, shardOf(whole, 0, spread)),
        spread,
        parcel: { ...parcel, ids: whole, isWhole: true },
        places,
        refs: places.map((_, index) => builder.refOf(index)),
      }
    })
  })
}

type Filled = { builder: ParcelBuilder; places: number[] }

/** As many builders as it takes, each full but the last. */
function filled(events: readonly UsageEvent[], places: readonly number[], now: Instant): Filled[] {
  const all: Filled[] = []
  for (const place of places) {
    const event = events[place]!
    let last = all.at(-1)
    if (!last?.builder.hasRoomFor(event)) {
      last = { builder: new ParcelBuilder(event.customerRef, now), places: [] }
      all.push(last)
    }
    last.builder.add(event)
    last.places.push(place)
  }
  return all
}

/** One entry for many events: under a name of their own, with what all of them say. */
function wholeEntry(name: string, entries: Uint32Array): Uint32Array {
  const whole = new Uint32Array(ENTRY_WORDS)
  const contents = new Uint32Array(entries.length / ENTRY_WORDS)
  for (let place = 0; place < contents.length; place++)
    contents[place] = contentOf(entries, place * ENTRY_WORDS)
  fastHash128(contents.join(), whole, 1)
  // Of the contents one word is kept, behind the four of the name.
  fastHash128(name, whole, 0)
  return whole
}
