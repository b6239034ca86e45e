/** Jobs that run one after the other, in the order in which they were asked for; a failed one keeps no other back. */
export class Turns {
  readonly #failed: () => void
  #last: Promise<unknown> = Promise.resolve()

  /** @param failed is called after a job that failed, before the next one begins */
  constructor(failed: () => void = () => undefined) {
    this.#failed = failed
  }

  take<Answer>(job: () => Promise<Answer>): Promise<Answer> {
    const turn = this.#last.then(job)
    this.#last = turn.catch(() => this.#failed())
    return turn
  }
}
