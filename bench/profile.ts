import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'

/** The parts of a V8 CPU profile that are read here. */
type Profile = {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[]
  samples: number[]
  /** Microseconds before each sample. */
  timeDeltas: number[]
}

const SAMPLING_MICROSECONDS = 500
const SHOWN = 30

/** Takes CPU profiles of a Worker over its inspector. */
export class Profiler {
  readonly #socket: WebSocket
  readonly #waiting = new Map<number, (result: unknown) => void>()
  #calls = 0

  static async connect(url: string): Promise<Profiler> {
    const socket = new WebSocket(url)
    await once(socket, 'open')
    const profiler = new Profiler(socket)
    await profiler.#call('Profiler.enable')
    await profiler.#call('Profiler.setSamplingInterval', { interval: SAMPLING_MICROSECONDS })
    return profiler
  }

  private constructor(socket: WebSocket) {
    this.#socket = socket
    socket.addEventListener('message', ({ data }) => {
      const { id, result } = JSON.parse(String(data)) as { id: number; result: unknown }
      this.#waiting.get(id)?.(result)
    })
  }

  start(): Promise<unknown> {
    return this.#call('Profiler.start')
  }

  async stop(): Promise<Profile> {
    return ((await this.#call('Profiler.stop')) as { profile: Profile }).profile
  }

  close(): void {
    this.#socket.close()
  }

  #call(method: string, params = {}): Promise<unknown> {
    const id = ++this.#calls
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve)
      this.#socket.send(JSON.stringify({ id, method, params }))
    })
  }
}

/** Writes a profile for a browser's developer tools, and answers where the time went, the most first. */
export async function keepProfile(profile: Profile, bundle: string, file: string): Promise<string> {
  await writeFile(file, JSON.stringify(profile))
  const sourceOf = sources(await readFile(bundle, 'utf8'))
  const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]))
  const spent = new Map<string, number>()
  for (const [place, node] of profile.samples.entries()) {
    const { functionName, url, lineNumber } = frames.get(node)!
    const where = url.endsWith('index.js') ? sourceOf(lineNumber) : url
    const name = `${functionName || '(anonymous)'}  ${where}`
    spent.set(name, (spent.get(name) ?? 0) + profile.timeDeltas[place]!)
  }
  const all = [...spent.values()].reduce((sum, time) => sum + time, 0)
  return [...spent]
    .sort(([, a], [, b]) => b - a)
    .slice(0, SHOWN)
    .map(([name, time]) => `${((time / all) * 100).toFixed(1).padStart(6)}%  ${name}`)
    .join('\n')
}

/** Before each file that it takes in, esbuild writes its path as a comment. */
function sources(bundle: string): (line: number) => string {
  const names: string[] = []
  let current = ''
  for (const line of bundle.split('\n')) {
    current = /^\/\/ (\S+\.(?:ts|tsx|js|mjs))$/.exec(line)?.[1] ?? current
    names.push(current)
  }
  return (line) => names[line] ?? ''
}
