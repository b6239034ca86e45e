/** The longest time that a timer can hold; a longer one would go off at once. */
const TIMER_MAX_MS = 2 ** 31 - 1

/** A timer that does not keep a Node process alive. */
export function later(run: () => void, ms: number): number {
  // Numbers in browsers, objects in Node; `clearTimeout` takes its own kind back.
  const timer: unknown = setTimeout(run, Math.min(ms, TIMER_MAX_MS))
  ;(timer as { unref?: () => void }).unref?.()
  return timer as number
}

/** Resolves after a while, or as soon as all is to stop. */
export const pause = (ms: number, stop: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      stop.removeEventListener('abort', end)
      resolve()
    }
    const timer = later(end, ms)
    stop.addEventListener('abort', end)
  })

/** Keeps a Node process alive until the work is done, for those who wait for it. */
export async function keepingAlive(work: Promise<void>): Promise<void> {
  const timer = setInterval(() => {}, 60_000)
  await work
  clearInterval(timer)
}
