type Waiting<Item, Answer> = {
  item: Item
  resolve: (answer: Answer) => void
  reject: (error: unknown) => void
}

/** Under load commits are this far apart: short beside the way to the edge, and long enough for calls to gather. */
const APART_MS = 20
/** So many commits in a row are made at once before that; as many are forgiven in a second without load. */
const AT_ONCE = 25

export type GroupCommitOptions<Item, Answer> = {
  commit: (items: Item[]) => Answer[]
  sizeOf: (item: Item) => number
  now: () => number
}

/**
 * Calls that arrive together are committed together: a commit costs about the same for one as for a hundred. Whoever
 * called is answered after the commit that held its item. While calls are rare none of them waits; when they become
 * many they wait for each other, up to 20 ms.
 */
export class GroupCommit<Item, Answer> {
  #waiting: Waiting<Item, Answer>[] = []
  readonly #options: GroupCommitOptions<Item, Answer>
  #size = 0
  #committedAt = 0
  #inARow = 0

  constructor(options: GroupCommitOptions<Item, Answer>) {
    this.#options = options
  }

  get length(): number {
    return this.#waiting.length
  }

  /** The size of all that waits. */
  get size(): number {
    return this.#size
  }

  add(item: Item): Promise<Answer> {
    this.#size += this.#options.sizeOf(item)
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject })
      // Even a timer of no length lets in the calls that have arrived already.
      if (this.#waiting.length === 1) setTimeout(() => this.#flush(), this.#pause())
    })
  }

  #pause(): number {
    const since = this.#options.now() - this.#committedAt
    this.#inARow = Math.max(0, this.#inARow - Math.floor((since * AT_ONCE) / 1000))
    return this.#inARow < AT_ONCE ? 0 : Math.max(0, APART_MS - since)
  }

  #flush(): void {
    const waiting = this.#waiting
    this.#waiting = []
    this.#size = 0
    this.#committedAt = this.#options.now()
    this.#inARow++
    try {
      const answers = this.#options.commit(waiting.map(({ item }) => item))
      for (const [place, { resolve }] of waiting.entries()) resolve(answers[place]!)
    } catch (error) {
      for (const { reject } of waiting) reject(error)
    }
  }
}
