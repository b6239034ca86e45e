import { parseArgs } from 'node:util'
import { allLoads, type Load } from './loads.ts'

export type Options = {
  loads: Load[]
  /** Show where the product's time goes, instead of figures. */
  profile: boolean
}

export const USAGE = `npm run bench -- [options]

  --quick        small counts: shows that all works, not how fast
  --only NAMES   of the loads only these, separated by commas:
                 ${allLoads(true)
                   .map(({ name }) => name)
                   .join(', ')}
  --profile      no figures: shows where the Worker's time goes under these loads
`

/** Reads the command line; throws an Error that says what is wrong. */
export function readOptions(args: string[]): Options | 'help' {
  const { values } = parseArgs({
    args,
    options: {
      quick: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
      only: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return 'help'
  const loads = allLoads(values.quick)
  const names = values.only?.split(',') ?? loads.map(({ name }) => name)
  return {
    profile: values.profile,
    loads: names.map((name) => {
      const load = loads.find((one) => one.name === name)
      if (!load) throw new Error(`There is no load "${name}".\n\n${USAGE}`)
      return load
    }),
  }
}
