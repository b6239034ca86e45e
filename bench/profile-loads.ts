import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { LoadProcess } from './load-process.ts'
import type { Load } from './loads.ts'
import { keepProfile, Profiler } from './profile.ts'
import type { Target } from './targets/target.ts'

const DIRECTORY = '.build/bench'

/** Shows where the product spends its time under each load: the second of two rounds, the first warms up. */
export async function profileLoads(loads: readonly Load[], target: Target, generator: LoadProcess) {
  if (!target.inspector) throw new Error('The Worker was started without an inspector.')
  await mkdir(DIRECTORY, { recursive: true })
  const profiler = await Profiler.connect(target.inspector.url)
  for (const { name, title, contenders } of loads) {
    const order = { port: target.port, key: target.key, round: contenders[0]!.round }
    await (await generator.prepare(order))()
    const go = await generator.prepare(order)
    await profiler.start()
    const { events, seconds } = await go()
    const file = join(DIRECTORY, `${name}.cpuprofile`)
    const shown = await keepProfile(await profiler.stop(), target.inspector.bundle, file)
    console.log(
      `${name}: ${title}, ${Math.round(events / seconds)} events/s while profiled; ${file}\n${shown}\n`,
    )
  }
  profiler.close()
}
