import type { Round } from './events.ts'
import type { Outcome, Result } from './outcome.ts'
import { cpuRatio, p99, rateRatio, roundRatio } from './outcome.ts'
import type { TargetName } from './targets/target.ts'

/** One way of sending the same load, or the same with one difference. */
export type Contender = {
  target: TargetName
  round: Round
  /** Over how many objects each of its customers is spread. */
  shards?: number
  /** What is different in it, where its target does not tell. */
  variant?: string
}

/** A load; the first of its contenders is what is judged, the others are what it is held against. */
export type Load = {
  name: string
  title: string
  rounds: number
  contenders: Contender[]
  goals: Goal[]
}

/** A figure of a load, and how it has to come out; undefined where what it is held against did not run. */
export type Goal = {
  text: string
  figure: (results: Result[]) => number | undefined
  met: (figure: number) => boolean
  unit: '×' | 'ms'
}

const BATCH = 500
const BATCH_CONNECTIONS = 8
const SINGLE_CONNECTIONS = 64
const MANY = 50
const SHARDS = 8
const RESENT = 0.1

const customers = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}-${index + 1}`)
const batches = (own: string[], events: number): Round => ({
  customers: own,
  batch: BATCH,
  events,
  resent: 0,
  connections: BATCH_CONNECTIONS,
})
const singles = (own: string[], events: number): Round => ({
  ...batches(own, events),
  batch: 1,
  connections: SINGLE_CONNECTIONS,
})
const everywhere = (round: Round): Contender[] =>
  (['accrue', 'ceiling', 'postgres'] as const).map((target) => ({ target, round }))

const rate = (than: TargetName, least: number): Goal => ({
  text: `events/s at least ${least} × ${than}`,
  figure: (results) => rateRatio(results[0], outcomeOf(results, than)),
  met: (ratio) => ratio >= least,
  unit: '×',
})
const cpu = (most: number): Goal => ({
  text: `CPU an event at most ${most} × postgres`,
  figure: (results) => cpuRatio(results[0], outcomeOf(results, 'postgres')),
  met: (ratio) => ratio <= most,
  unit: '×',
})
const latency = (most: number): Goal => ({
  text: `p99 below ${most} ms`,
  figure: (results) => p99(results[0]),
  met: (ms) => ms < most,
  unit: 'ms',
})
const asFast = (text: string, least: number, figure: Goal['figure']): Goal => ({
  text,
  figure,
  met: (ratio) => ratio >= least,
  unit: '×',
})
const outcomeOf = (results: Result[], target: TargetName): Outcome | undefined =>
  results.find(({ contender }) => contender.target === target)

/** The loads; the quick ones show that all works, and are too short for figures to be told. */
export function allLoads(quick: boolean): Load[] {
  const rounds = quick ? 3 : 5
  const batched = quick ? 20_000 : 200_000
  const single = quick ? 2_000 : 20_000
  const soak = quick ? 20_000 : 100_000
  const resending = batches(customers('resent', 1), batched)
  return [
    {
      name: 'batches',
      title: `batches of ${BATCH} over ${MANY} customers`,
      rounds,
      contenders: everywhere(batches(customers('many', MANY), batched)),
      goals: [rate('ceiling', 0.5), cpu(0.7)],
    },
    {
      name: 'hot',
      title: `batches of ${BATCH}, one customer, 1 shard`,
      rounds,
      contenders: everywhere(batches(customers('hot', 1), batched)),
      goals: [rate('postgres', 1.2), cpu(0.5)],
    },
    {
      name: 'sharded',
      title: `batches of ${BATCH}, one customer, ${SHARDS} shards`,
      rounds,
      contenders: everywhere(batches(customers('sharded', 1), batched)).map((contender) => ({
        ...contender,
        ...(contender.target === 'accrue' ? { shards: SHARDS } : {}),
      })),
      goals: [rate('postgres', 1.2), cpu(0.5)],
    },
    {
      name: 'single',
      title: `one event a request, ${MANY} customers`,
      rounds,
      contenders: everywhere(singles(customers('single', MANY), single)),
      goals: [rate('ceiling', 0.5), cpu(1), latency(50)],
    },
    {
      name: 'single-hot',
      title: 'one event a request, one customer',
      rounds,
      contenders: everywhere(singles(customers('single-hot', 1), single)),
      goals: [rate('ceiling', 0.5), cpu(1), latency(50)],
    },
    {
      name: 'resends',
      title: `batches of ${BATCH}, one customer, 10% sent again`,
      rounds,
      contenders: [
        { target: 'accrue', round: { ...resending, resent: RESENT }, variant: '10% sent again' },
        { target: 'accrue', round: batches(customers('fresh', 1), batched), variant: 'none sent again' },
      ],
      goals: [asFast('events/s at least 0.9 × without', 0.9, ([again, none]) => rateRatio(again, none))],
    },
    {
      name: 'soak',
      title: `${((soak * 20) / 1_000_000).toFixed(1)} million events in one object`,
      rounds: 20,
      contenders: [{ target: 'accrue', round: batches(customers('soak', 1), soak) }],
      goals: [
        asFast('events/s of the last round at least 0.85 × first', 0.85, ([all]) => roundRatio(all, 'rate')),
        asFast('events/CPU s of the last round at least 0.85 × first', 0.85, ([all]) =>
          roundRatio(all, 'cpu'),
        ),
      ],
    },
  ]
}
