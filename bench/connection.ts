import { connect, type Socket } from 'node:net'

export type Answer = { status: number; text: string }

/**
 * One kept-alive HTTP/1.1 connection that sends one request at a time. It does no more than the benchmark needs, so that
 * the generator leaves the processor to what is measured.
 */
export class Connection {
  readonly #socket: Socket
  readonly #chunks: Buffer[] = []
  #settle: { resolve(answer: Answer): void; reject(error: Error): void } | undefined
  #received = 0
  /** Bytes of the whole answer, once its head tells; 0 while it does not. */
  #expected = 0

  static open(port: number): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true })
      socket.once('error', reject).once('connect', () => resolve(new Connection(socket)))
    })
  }

  private constructor(socket: Socket) {
    this.#socket = socket
    const fail = (error: Error) => this.#settle?.reject(error)
    socket.removeAllListeners('error').on('error', fail)
    socket.on('close', () => fail(new Error('The server closed the connection.')))
    socket.on('data', (chunk) => this.#read(chunk as Buffer))
  }

  send(request: Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject }
      this.#socket.write(request)
    })
  }

  close(): void {
    this.#settle = undefined
    this.#socket.destroy()
  }

  #read(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#received += chunk.length
    if (this.#expected === 0) this.#expected = answerBytes(this.#chunks[0]!)
    if (this.#expected === Number.POSITIVE_INFINITY ? !endsChunked(chunk) : this.#received < this.#expected)
      return
    const text = Buffer.concat(this.#chunks.splice(0)).toString('latin1')
    this.#received = 0
    this.#expected = 0
    this.#settle?.resolve({ status: Number(text.slice(9, 12)), text })
  }
}

const HEAD_END = '\r\n\r\n'
const LAST_CHUNK = '0\r\n\r\n'

/** The length of an answer by its head, which comes in one piece; infinite when it is sent in chunks. */
function answerBytes(first: Buffer): number {
  const end = first.indexOf(HEAD_END)
  const head = first.toString('latin1', 0, end)
  const length = /^content-length: *(\d+)/im.exec(head)?.[1]
  return length === undefined ? Number.POSITIVE_INFINITY : end + HEAD_END.length + Number(length)
}

/** JSON holds no bare line ends, so that nothing but the last chunk looks like it. */
const endsChunked = (chunk: Buffer): boolean =>
  chunk.toString('latin1', Math.max(0, chunk.length - LAST_CHUNK.length)) === LAST_CHUNK
