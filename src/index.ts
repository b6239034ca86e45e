import { createApp } from './app.ts'
import { currentTime } from './clock/clock.store.ts'
import type { Env } from './env.ts'
import { consume } from './queue.ts'
import { tick } from './tick.ts'

export { UsageMeter } from './usage/meter/meter.object.ts'

const app = createApp()

export default {
  fetch: app.fetch,
  scheduled: async (_controller, env) => tick(env, await currentTime(env)),
  queue: consume,
} satisfies ExportedHandler<Env>
