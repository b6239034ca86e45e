import type { Instant } from '../kernel/calendar.ts'
import { fastHash128 } from '../kernel/fast-hash.ts'
import { type Parcel, ParcelBuilder } from './parcel.ts'
import { type Spread, shardName, shardOf, UNSPREAD } from './shards.ts'
import type { UsageEvent } from './usage-event.ts'

/** A parcel with its address, and which events are in it: their places in the request, and their references. */
export type Consignment = {
  meter: string
  spread: Spread
  parcel: Parcel
  places: readonly number[]
  refs: readonly string[]
}

type Open = { meter: string; spread: Spread; builder: ParcelBuilder; places: number[] }

/** Puts events into as few parcels as there are meters, and as their size allows. */
export function consign(
  events: readonly UsageEvent[],
  places: Iterable<number>,
  spreads: ReadonlyMap<string, Spread>,
  now: Instant,
): Consignment[] {
  const open = new Map<string, Open>()
  const full: Open[] = []
  for (const place of places) {
    const event = events[place]!
    const spread = spreads.get(event.customerRef) ?? UNSPREAD
    const meter = meterOf(event, spread)
    let own = open.get(meter)
    if (!own?.builder.hasRoomFor(event)) {
      if (own) full.push(own)
      own = { meter, spread, builder: new ParcelBuilder(event.customerRef, now), places: [] }
      open.set(meter, own)
    }
    own.builder.add(event)
    own.places.push(place)
  }
  return [...full, ...open.values()].map(({ builder, ...rest }) => ({
    ...rest,
    parcel: builder.parcel(),
    refs: rest.places.map((_, index) => builder.refOf(index)),
  }))
}

const scratch = new Uint32Array(4)

function meterOf({ customerRef, eventId }: UsageEvent, spread: Spread): string {
  if (spread === UNSPREAD) return customerRef
  fastHash128(eventId, scratch, 0)
  return shardName(customerRef, shardOf(scratch, 0, spread))
}
