import type { Goal } from './loads.ts'
import type { Measured } from './measure.ts'
import { cpuPerMillion, cpuRatio, eventRate, p50, p99, type Result, rateRatio } from './outcome.ts'
import type { Proof } from './proof.ts'

/** What a load showed: a line for each contender, one for each goal, and the count at its end. */
export function describe(measured: Measured): string {
  const heading = `${measured.load.name}: ${measured.load.title}`
  if ('missing' in measured) return `${heading}\n  not available: ${measured.missing}`
  const { load, results, proofs } = measured
  return [
    heading,
    indent(
      table(
        results.map((result) => contenderRow(result, results)),
        CONTENDER_COLUMNS,
      ),
    ),
    indent(table(load.goals.map((goal) => goalRow(goal.text, goal, results)))),
    ...proofs.flatMap(proofLines),
  ].join('\n')
}

const proofLines = ({ target, acknowledged, stored, differences }: Proof): string[] => [
  `  ${target}: acknowledged ${count(acknowledged)}, stored ${count(stored)}`,
  ...differences.map((line) => `  DIFFERENCE ${line}`),
]

/** All goals of all loads in one table. */
export function summarise(all: readonly Measured[]): string {
  const rows = all.flatMap((measured) =>
    'missing' in measured
      ? [[measured.load.title, '', '', 'not available']]
      : measured.load.goals.map((goal) => [
          measured.load.title,
          ...goalRow(goal.text, goal, measured.results),
        ]),
  )
  return table(rows, ['load', 'target', 'measured', 'met'])
}

const CONTENDER_COLUMNS = [
  '',
  'events/s',
  'CPU s/million',
  'p50 ms',
  'p99 ms',
  '× ceiling',
  '× postgres',
  'CPU × postgres',
  'rows/event',
  'sent again after 503',
]

function contenderRow(result: Result, all: readonly Result[]): string[] {
  const { target, variant } = result.contender
  const other = (name: string) => all.find(({ contender }) => contender.target === name)
  const shed = result.rounds.reduce((sum, round) => sum + round.shed, 0)
  return [
    variant ? `${target}, ${variant}` : target,
    count(eventRate(result)),
    decimal(cpuPerMillion(result), 1),
    decimal(p50(result), 1),
    decimal(p99(result), 1),
    decimal(rateRatio(result, other('ceiling')), 2),
    decimal(rateRatio(result, other('postgres')), 2),
    decimal(cpuRatio(result, other('postgres')), 2),
    decimal(result.rowsPerEvent, 3),
    shed === 0 ? '' : count(shed),
  ]
}

function goalRow(text: string, { figure, met, unit }: Goal, results: Result[]): string[] {
  const value = figure(results)
  if (value === undefined) return [text, '', 'not measured']
  return [text, `${decimal(value, unit === 'ms' ? 1 : 2)} ${unit}`, met(value) ? 'yes' : 'NO']
}

const count = (value: number): string => Math.round(value).toLocaleString('en-US')
const decimal = (value: number | undefined, places: number): string => value?.toFixed(places) ?? ''
const indent = (text: string): string => text.replace(/^/gm, '  ')

/** Lines up columns: texts to the left, figures to the right; a column without any entry is left out. */
function table(rows: string[][], header: string[] = []): string {
  const width = Math.max(...rows.map((row) => row.length))
  const columns = Array.from({ length: width }, (_, place) => ({
    title: header[place] ?? '',
    cells: rows.map((row) => row[place] ?? ''),
  })).filter(({ cells }) => cells.some((cell) => cell !== ''))
  const lined = columns.map(({ title, cells }) => {
    const isFigures = cells.every((cell) => /^[\d.,]*( (×|ms))?$/.test(cell))
    const all = header.length > 0 ? [title, ...cells] : cells
    const longest = Math.max(...all.map((cell) => cell.length))
    return all.map((cell) => (isFigures ? cell.padStart(longest) : cell.padEnd(longest)))
  })
  return lined[0]!
    .map((_, line) =>
      lined
        .map((cells) => cells[line])
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
