import { setTimeout } from 'node:timers/promises'
import { cpuSeconds } from './cpu.ts'
import { addTotals, type Round, type Totals } from './events.ts'
import type { Sent } from './generator.ts'
import type { LoadProcess } from './load-process.ts'
import type { Contender, Load } from './loads.ts'
import { rowsWritten, spread } from './meters.ts'
import type { Outcome, Result } from './outcome.ts'
import { type Proof, prove } from './proof.ts'
import type { Target, TargetName } from './targets/target.ts'

export type Targets = ReadonlyMap<TargetName, Target>
export type Measured = { load: Load; results: Result[]; proofs: Proof[] } | { load: Load; missing: string }

/** A round before those that count: it opens the objects, and lets the compilers see the code run. */
const WARM_UP = 0.2
const IDLE_LOOK_MS = 1_000
const IDLE_CPU_SECONDS = 0.05
const IDLE_LOOKS_MAX = 60

type Run = {
  contender: Contender
  target: Target
  totals: Totals
  rounds: Outcome['rounds']
  cpuBefore: number | undefined
  rowsBefore: number | undefined
}

/** Sends a load to all its contenders in turns, round by round, and counts at the end what each of them holds. */
export async function measure(load: Load, targets: Targets, generator: LoadProcess): Promise<Measured> {
  const runs: Run[] = []
  for (const contender of load.contenders) {
    const target = targets.get(contender.target)
    if (!target) continue
    const { customers } = contender.round
    if (contender.shards && !(await spread(target, customers, contender.shards)))
      return { load, missing: 'meters cannot be spread over shards' }
    const run: Run = {
      contender,
      target,
      totals: {},
      rounds: [],
      cpuBefore: undefined,
      rowsBefore: undefined,
    }
    await warmUp(run, generator)
    run.cpuBefore = cpuSeconds(target.pids)
    run.rowsBefore = await rowsWritten(target, customers)
    runs.push(run)
  }
  for (let count = 0; count < load.rounds; count++) {
    for (const run of runs) {
      const { totals: _, ...sent } = await send(run, run.contender.round, generator)
      run.rounds.push(sent)
    }
  }
  const results = await Promise.all(runs.map((run) => finish(run, runs)))
  const proofs: Proof[] = []
  for (const { contender, target, totals } of runs)
    if (target.stores) proofs.push(await prove(target, contender.round.customers, totals))
  return { load, results, proofs }
}

async function warmUp(run: Run, generator: LoadProcess): Promise<void> {
  await untilIdle(run.target)
  const { round } = run.contender
  await send(run, { ...round, events: Math.ceil(round.events * WARM_UP) }, generator)
}

/** Waits for what earlier loads left to do: a log goes to the archive after its events were acknowledged. */
async function untilIdle({ pids }: Target): Promise<void> {
  for (let look = 0; look < IDLE_LOOKS_MAX; look++) {
    const before = cpuSeconds(pids)
    await setTimeout(IDLE_LOOK_MS)
    const after = cpuSeconds(pids)
    if (before === undefined || after === undefined || after - before < IDLE_CPU_SECONDS) return
  }
}

/** Sends one round and adds what was acknowledged to the totals of the run. */
async function send(run: Run, round: Round, generator: LoadProcess) {
  const { port, key, pids, name, stores } = run.target
  const go = await generator.prepare({ port, key, round })
  const before = cpuSeconds(pids)
  const sent = await go()
  const after = cpuSeconds(pids)
  // A call that was shed may have been counted in part, so that its repeat finds duplicates.
  if (stores && sent.shed === 0) requireFresh(name, sent, round.events)
  addTotals(run.totals, sent.totals)
  return { ...sent, cpu: before === undefined || after === undefined ? undefined : after - before }
}

function requireFresh(name: string, { accepted }: Sent, fresh: number): void {
  if (accepted !== fresh) throw new Error(`${name} accepted ${accepted} events of ${fresh} different ones.`)
}

async function finish(run: Run, all: readonly Run[]): Promise<Result> {
  const { contender, target, rounds, rowsBefore } = run
  const rowsAfter = await rowsWritten(target, contender.round.customers)
  const accepted = sum(rounds.map((round) => round.accepted))
  return {
    contender,
    rounds,
    cpu: totalCpu(
      run,
      all.filter((other) => other.target === target),
    ),
    rowsPerEvent:
      rowsBefore === undefined || rowsAfter === undefined ? undefined : (rowsAfter - rowsBefore) / accepted,
  }
}

/** What the target used in the rounds of a run, and its share of what it used between rounds. */
function totalCpu(run: Run, sameTarget: readonly Run[]): number | undefined {
  const now = cpuSeconds(run.target.pids)
  const before = sameTarget.at(-1)?.cpuBefore
  if (now === undefined || before === undefined) return undefined
  const inRounds = ({ rounds }: Run) => sum(rounds.map(({ cpu }) => cpu ?? 0))
  const between = now - before - sum(sameTarget.map(inRounds))
  return inRounds(run) + between / sameTarget.length
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
