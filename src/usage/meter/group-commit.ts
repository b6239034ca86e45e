type Waiting<Item, Answer> = {
  item: Item
  resolve: (answer: Answer) => void
  reject: (error: unknown) => void
}

/**
 * Calls that arrive while others are being handled are committed together: a commit costs about the same for one as
 * for a hundred. Whoever called is answered after the commit that held its item.
 */
export class GroupCommit<Item, Answer> {
  #waiting: Waiting<Item, Answer>[] = []
  readonly #commit: (items: Item[]) => Answer[]
  readonly #sizeOf: (item: Item) => number
  #size = 0

  constructor(commit: (items: Item[]) => Answer[], sizeOf: (item: Item) => number) {
    this.#commit = commit
    this.#sizeOf = sizeOf
  }

  get length(): number {
    return this.#waiting.length
  }

  /** The size of all that waits. */
  get size(): number {
    return this.#size
  }

  add(item: Item): Promise<Answer> {
    this.#size += this.#sizeOf(item)
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject })
      // A timer of no length lets in the calls that have arrived already.
      if (this.#waiting.length === 1) setTimeout(() => this.#flush(), 0)
    })
  }

  #flush(): void {
    const waiting = this.#waiting
    this.#waiting = []
    this.#size = 0
    try {
      const answers = this.#commit(waiting.map(({ item }) => item))
      for (const [place, { resolve }] of waiting.entries()) resolve(answers[place]!)
    } catch (error) {
      for (const { reject } of waiting) reject(error)
    }
  }
}
