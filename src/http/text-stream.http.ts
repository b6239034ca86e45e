/**
 * A body that is made while it is read: no more of it is in memory than the reader has room for. The first piece is
 * made before, so that what goes wrong at once can still be answered as a problem.
 */
export async function textStream(pieces: AsyncGenerator<string>): Promise<ReadableStream<Uint8Array>> {
  const encoder = new TextEncoder()
  const first = await pieces.next()
  let next: IteratorResult<string> | undefined = first
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = next ?? (await pieces.next())
      next = undefined
      if (done) controller.close()
      else controller.enqueue(encoder.encode(value))
    },
    async cancel() {
      await pieces.return(undefined)
    },
  })
}
