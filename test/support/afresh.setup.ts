import { afterAll, beforeAll } from 'vitest'
import { startAfresh } from './afresh.ts'

const { fetch } = globalThis

// Files share a Worker, since starting one takes seconds: each begins as if it were alone.
beforeAll(startAfresh)
afterAll(() => {
  globalThis.fetch = fetch
})
