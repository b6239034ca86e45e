/** What a transaction would answer, without a trace of it. */
export function rehearse<Answer>(storage: DurableObjectStorage, transaction: () => Answer): Answer {
  try {
    return storage.transactionSync(() => {
      throw new Rehearsed(transaction())
    })
  } catch (thrown) {
    if (thrown instanceof Rehearsed) return thrown.answer as Answer
    throw thrown
  }
}

/** Thrown to undo a transaction of which the answer alone is wanted. */
class Rehearsed {
  readonly answer: unknown

  constructor(answer: unknown) {
    this.answer = answer
  }
}
