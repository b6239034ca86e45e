import { rmSync } from 'node:fs'
import { chmod, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LoadProcess } from './load-process.ts'
import { machine } from './machine.ts'
import { type Measured, measure, type Targets } from './measure.ts'
import { type Options, readOptions, USAGE } from './options.ts'
import { profileLoads } from './profile-loads.ts'
import { describe, summarise } from './report.ts'
import { findPostgres, startPostgres } from './targets/postgres.ts'
import type { Target, TargetName } from './targets/target.ts'
import { startWorker } from './targets/worker.ts'

type Closer = () => unknown

const REMOVE_TRIES = 50
const REMOVE_AGAIN_MS = 100

/** `npm run bench`: how fast usage is taken in, held against the same way without storage and against PostgreSQL. */
async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2))
  if (options === 'help') return console.log(USAGE)

  const closers: Closer[] = []
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer()
  }
  // Every part cleans up at the exit of this process, so that leaving is enough.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => process.exit(1))
  try {
    await (options.profile ? runProfile : runLoads)(options, closers)
  } finally {
    await close()
  }
}

async function runLoads({ loads }: Options, closers: Closer[]): Promise<void> {
  const directory = await temporaryDirectory()
  const postgres = await findPostgres()
  console.log(`${machine(postgres)}\n`)
  const needed = new Set(loads.flatMap((load) => load.contenders.map(({ target }) => target)))
  const targets = await startTargets(needed, directory, postgres, closers)
  const generator = startGenerator(closers)

  const all: Measured[] = []
  for (const load of loads) {
    const measured = await measure(load, targets, generator)
    all.push(measured)
    console.log(`${describe(measured)}\n`)
  }
  console.log(summarise(all))
  const isExact = all.every((one) => 'missing' in one || one.proofs.every((p) => p.differences.length === 0))
  if (isExact) return
  console.error('\nWhat was acknowledged is not what is stored.')
  process.exitCode = 1
}

async function runProfile({ loads }: Options, closers: Closer[]): Promise<void> {
  const target = await startWorker('accrue', 'src/index.ts', await temporaryDirectory(), true)
  closers.push(() => target.close())
  await profileLoads(loads, target, startGenerator(closers))
}

async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'accrue-bench-'))
  process.once('exit', () => removeNow(directory))
  // PostgreSQL runs as a user of its own, who must get through to its part.
  await chmod(directory, 0o711)
  return directory
}

/** Removes a directory without letting go of the thread; servers that were killed may still be writing for a moment. */
function removeNow(directory: string): void {
  for (let tries = 1; ; tries++) {
    try {
      rmSync(directory, { recursive: true, force: true })
      return
    } catch (error) {
      if (tries === REMOVE_TRIES) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, REMOVE_AGAIN_MS)
    }
  }
}

function startGenerator(closers: Closer[]): LoadProcess {
  const generator = new LoadProcess()
  closers.push(() => generator.close())
  return generator
}

async function startTargets(
  needed: ReadonlySet<TargetName>,
  directory: string,
  postgres: string | undefined,
  closers: Closer[],
): Promise<Targets> {
  const starters: Record<TargetName, () => Promise<Target | undefined>> = {
    accrue: () => startWorker('accrue', 'src/index.ts', directory),
    ceiling: () => startWorker('ceiling', 'bench/ceiling/index.ts', directory),
    postgres: async () =>
      postgres === undefined ? undefined : startPostgres(postgres, join(directory, 'postgres')),
  }
  const targets = new Map<TargetName, Target>()
  for (const name of needed) {
    const target = await starters[name]()
    if (!target) continue
    closers.push(() => target.close())
    targets.set(name, target)
  }
  return targets
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
