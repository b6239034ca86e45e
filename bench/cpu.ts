import { readdirSync, readFileSync } from 'node:fs'

/** One line of /proc/<pid>/stat: who started the process, and the clock ticks it used. */
type Process = { pid: number; parent: number; name: string; ticks: number }

/** Linux counts in hundredths of a second, whatever the machine. */
const TICKS_PER_SECOND = 100

/** CPU seconds that processes have used, with all that they started; undefined where there is no /proc. */
export function cpuSeconds(roots: readonly number[]): number | undefined {
  const all = processes()
  if (all.length === 0) return undefined
  const tree = new Set(roots)
  for (let before = 0; before !== tree.size; ) {
    before = tree.size
    for (const { pid, parent } of all) if (tree.has(parent)) tree.add(pid)
  }
  const ticks = all.filter(({ pid }) => tree.has(pid)).reduce((sum, process) => sum + process.ticks, 0)
  return ticks / TICKS_PER_SECOND
}

/** The ids of this process' children of a name. */
export const childrenNamed = (name: string): number[] =>
  processes()
    .filter((child) => child.parent === process.pid && child.name === name)
    .map(({ pid }) => pid)

function processes(): Process[] {
  try {
    return readdirSync('/proc')
      .filter((entry) => /^\d+$/.test(entry))
      .flatMap((pid) => readProcess(Number(pid)) ?? [])
  } catch {
    return []
  }
}

/** Undefined when the process has ended meanwhile. */
function readProcess(pid: number): Process | undefined {
  try {
    const [, name, rest] = /\((.*)\) (.*)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))!
    const fields = rest!.split(' ')
    // Of proc(5): 4 parent; 14 and 15 its own time, 16 and 17 that of children it has waited for.
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
    return { pid, parent: Number(fields[1]), name: name!, ticks }
  } catch {
    return undefined
  }
}
