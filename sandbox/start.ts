import { loadDemo } from './demo/load.ts'
import { readOptions, USAGE } from './options.ts'
import { startStack } from './stack.ts'
import { welcome } from './welcome.ts'

/** `npm start`: the whole of Accrue on this machine, with a demo company in it, and nothing to sign up for. */
async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2))
  if (options === 'help') return console.log(USAGE)

  const startedAt = performance.now()
  const say = (step: string) =>
    console.log(`${((performance.now() - startedAt) / 1000).toFixed(1).padStart(5)} s  ${step}`)
  const stack = await startStack(options, say)

  let stopping = false
  const stop = async (code: number) => {
    if (stopping) return
    stopping = true
    await stack.close()
    process.exit(code)
  }
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stop(0))
  stack.ended.then(() => {
    if (stopping) return
    console.error(`The Worker ended by itself; see ${stack.directory}/worker.log`)
    return stop(1)
  })

  try {
    if (!options.empty) await loadDemo(stack, say)
    say('Ready')
    console.log(await welcome(stack))
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    await stop(1)
  }
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
