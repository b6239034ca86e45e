import type { Env } from '../../env.ts'
import type { MeterBooks } from './meter-books.store.ts'
import type { RawEvents } from './raw-events.store.ts'
import type { InheritedFilters, SpreadSetting } from './spread.store.ts'

/** What the jobs of a meter work with. */
export type MeterContext = {
  readonly env: Env
  readonly storage: DurableObjectStorage
  readonly sql: SqlStorage
  readonly name: string
  readonly customerRef: string
  readonly shard: number
  readonly books: MeterBooks
  readonly raw: RawEvents
  readonly spread: { readonly setting: SpreadSetting; readonly shards: number }
  readonly inherited: InheritedFilters
}
