import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import type { Order, Sent } from './generator.ts'

/** A round that takes longer is given up. */
const ROUND_MS_MAX = 10 * 60_000

/** The process that sends the load, so that it does not share a thread with what is measured. */
export class LoadProcess {
  readonly #child: ChildProcess = fork(join(import.meta.dirname, 'generator.ts'))

  /** Builds the calls of a round; what it resolves to sends them. */
  async prepare(order: Order): Promise<() => Promise<Sent>> {
    await this.#ask(order)
    return async () => {
      const answer = (await this.#ask('go')) as Sent | { error: string }
      if ('error' in answer) throw new Error(answer.error)
      return answer
    }
  }

  close(): void {
    this.#child.kill()
  }

  #ask(message: Order | 'go'): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        clearTimeout(timer)
        this.#child.removeAllListeners('message').removeAllListeners('exit')
        act()
      }
      const fail = (why: string) => settle(() => reject(new Error(why)))
      const timer = setTimeout(() => fail('A round took too long.'), ROUND_MS_MAX)
      this.#child.once('exit', () => fail('The load generator ended.'))
      this.#child.once('message', (answer) => settle(() => resolve(answer)))
      this.#child.send(message)
    })
  }
}
