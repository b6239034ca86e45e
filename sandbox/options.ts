import { parseArgs } from 'node:util'

export type Options = {
  /** Begin anew: throw away what an earlier start left. */
  fresh: boolean
  /** Start with an empty company instead of the demo data. */
  empty: boolean
  port: number
  chainPort: number
  stripePort: number
  /** Where all data of the sandbox lies. */
  directory: string
}

export const USAGE = `npm start -- [options]

  --fresh              begin anew, without the data of earlier starts
  --empty              load no demo data
  --port N             port of Accrue                   (8787)
  --chain-port N       port of the local chain          (8545)
  --stripe-port N      port of the Stripe stand-in      (12111)
  --directory PATH     where the sandbox keeps its data (.accrue)
`

/** Reads the command line; throws an Error that says what is wrong. */
export function readOptions(args: string[]): Options | 'help' {
  const { values } = parseArgs({
    args,
    options: {
      fresh: { type: 'boolean', default: false },
      empty: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      port: { type: 'string', default: process.env.PORT ?? '8787' },
      'chain-port': { type: 'string', default: '8545' },
      'stripe-port': { type: 'string', default: '12111' },
      directory: { type: 'string', default: '.accrue' },
    },
  })
  if (values.help) return 'help'
  return {
    fresh: values.fresh,
    empty: values.empty,
    port: portNumber('--port', values.port),
    chainPort: portNumber('--chain-port', values['chain-port']),
    stripePort: portNumber('--stripe-port', values['stripe-port']),
    directory: values.directory,
  }
}

function portNumber(option: string, text: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Error(`${option} takes a port, not "${text}"`)
  return port
}
