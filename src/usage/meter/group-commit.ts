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

  constructor(commit: (items: Item[]) => Answer[]) {
    this.#commit = commit
  }

  get length(): number {
    return this.#waiting.length
  }

  add(item: Item): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject })
      // A timer of no length lets in the calls that have arrived already.
      if (this.#waiting.length === 1) setTimeout(() => this.#flush(), 0)
    })
  }

  #flush(): void {
    const waiting = this.#waiting
    this.#waiting = []
    try {
      const answers = this.#commit(waiting.map(({ item }) => item))
      for (const [place, { resolve }] of waiting.entries()) resolve(answers[place]!)
    } catch (error) {
      for (const { reject } of waiting) reject(error)
    }
  }
}
