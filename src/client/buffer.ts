/** An event as it is kept: its JSON can neither be changed by the caller nor differ between two attempts. */
export type Entry = { seq: number; json: string; bytes: number }

const utf8 = new TextEncoder()

/** The events that are not settled (acknowledged or reported), in the order in which they were tracked. */
export class EventBuffer {
  /** A Set keeps the order of insertion, so its first entry is the oldest. */
  readonly #unsettled = new Set<Entry>()
  /** Those of them that no delivery has taken. */
  #waiting: Entry[] = []
  #watchers: { isOver: () => boolean; resolve: () => void }[] = []
  #abandoned = false
  /** The place of the youngest event; places are counted from 1. */
  lastSeq = 0
  bytes = 0
  waitingBytes = 0

  get events(): number {
    return this.#unsettled.size
  }

  get waiting(): number {
    return this.#waiting.length
  }

  /** The place of the oldest event that no delivery has taken. */
  get nextSeq(): number {
    return this.#waiting[0]?.seq ?? Number.POSITIVE_INFINITY
  }

  add(json: string): void {
    const entry = { seq: ++this.lastSeq, json, bytes: utf8.encode(json).length + 1 }
    this.#unsettled.add(entry)
    this.#waiting.push(entry)
    this.bytes += entry.bytes
    this.waitingBytes += entry.bytes
  }

  /** Takes the oldest events, within both bounds; one that is too large for them goes alone. */
  take(eventsMax: number, bytesMax: number): Entry[] {
    let count = 0
    let bytes = 0
    for (const entry of this.#waiting) {
      if (count > 0 && (count >= eventsMax || bytes + entry.bytes > bytesMax)) break
      count++
      bytes += entry.bytes
    }
    this.waitingBytes -= bytes
    return this.#waiting.splice(0, count)
  }

  settle(entries: readonly Entry[]): void {
    for (const entry of entries) {
      if (this.#unsettled.delete(entry)) this.bytes -= entry.bytes
    }
    this.#tellWatchers()
  }

  /** Resolves when `isOver` says so after some event was settled, or when the buffer was abandoned. */
  until(isOver: () => boolean): Promise<void> {
    if (this.#abandoned || isOver()) return Promise.resolve()
    return new Promise((resolve) => {
      this.#watchers.push({ isOver, resolve })
    })
  }

  /** Resolves when every event up to this place is settled. */
  untilSettled(seq: number): Promise<void> {
    return this.until(() => (this.#unsettled.values().next().value?.seq ?? Number.POSITIVE_INFINITY) > seq)
  }

  /** Ends all waiting, and gives back what was never settled. */
  abandon(): Entry[] {
    this.#abandoned = true
    this.#tellWatchers()
    return [...this.#unsettled]
  }

  #tellWatchers(): void {
    const watchers = this.#watchers
    this.#watchers = watchers.filter(({ isOver, resolve }) => {
      if (!this.#abandoned && !isOver()) return true
      resolve()
      return false
    })
  }
}
