import Papa from 'papaparse'
import { isLocalDate, type LocalDate } from '../../kernel/calendar.ts'
import { isCurrency } from '../../kernel/currency.ts'
import { type Fault, invalid } from '../../kernel/problem.ts'
import { formatDecimal, parseDecimal } from '../../kernel/rational.ts'
import { type FxRate, isBase, isRate, isToken, TOKEN_SOURCE } from './rate.ts'

/** What a file is held against: whose rates they are, and the last day that can have been published. */
type Publication = { source: string; lastDay?: LocalDate }

/** A rate as a file has it, not checked yet, and where it stands there. */
type FoundRate = FxRate & { where: string }

/**
 * The layout that a source publishes its rates in: this is the port that a further source is read through. `found` is
 * undefined for a text of another layout.
 */
type RateLayout = { found: (text: string) => FoundRate[] | undefined }

/** The European Central Bank publishes what one euro is worth. */
const EURO = 'EUR'

/** `eurofxref-daily.xml` and its longer sisters. */
const ecbXml: RateLayout = {
  found(text) {
    if (!text.trimStart().startsWith('<')) return undefined
    const rates: FoundRate[] = []
    let date = ''
    for (const [, day, quote, rate] of text.matchAll(
      /<Cube\s+(?:time=["']([^"']{1,40})["']|currency=["']([^"']{1,40})["']\s+rate=["']([^"']{1,80})["'])/g,
    )) {
      if (day !== undefined) date = day
      else rates.push({ base: EURO, quote: quote!, date, rate: rate!, where: `${date} ${quote}` })
    }
    return rates.filter(({ quote }) => isCurrency(quote))
  },
}

/** `eurofxref.csv` and `eurofxref-hist.csv`: a column for each currency, `N/A` where there is no rate. */
const ecbCsv: RateLayout = {
  found(text) {
    const [header = [], ...rows] = cellsOf(text)
    if (header[0] !== 'date' || header.includes('base')) return undefined
    return rows.flatMap(([day = '', ...cells], place) =>
      cells.flatMap((rate, column) => {
        // Currencies that are no more are left out: the file goes back to 1999.
        const quote = header[column + 1]?.toUpperCase() ?? ''
        if (!isCurrency(quote) || rate === '' || rate === 'N/A') return []
        return [{ base: EURO, quote, date: dateOf(day), rate, where: `row ${place + 2}, ${quote}` }]
      }),
    )
  },
}

/** One rate in each row, under `date, base, quote, rate`, in any order. */
const columns: RateLayout = {
  found(text) {
    const [header = [], ...rows] = cellsOf(text)
    if (!['date', 'base', 'quote', 'rate'].every((name) => header.includes(name))) return undefined
    return rows.map((cells, place) => {
      const cell = (name: string) => cells[header.indexOf(name)] ?? ''
      const [base, quote] = [cell('base').toUpperCase(), cell('quote').toUpperCase()]
      return { base, quote, date: cell('date'), rate: cell('rate'), where: `row ${place + 2}` }
    })
  },
}

const LAYOUTS: readonly RateLayout[] = [ecbXml, columns, ecbCsv]

const FAULTS_SHOWN = 20

/**
 * Reads a file of rates in any of the layouts, found by its content. Rates are kept as exact decimals.
 *
 * @throws Problem 422 `fx_rates_unreadable`: no layout fits; `invalid_fx_rate`: a rate that is none, each named
 */
export function readRateFile(text: string, publication: Publication = { source: 'ecb' }): FxRate[] {
  for (const { found } of LAYOUTS) {
    const rates = found(text.replace(/^\uFEFF/, ''))
    if (rates && rates.length > 0) return checkedRates(rates, publication)
  }
  throw invalid(
    'fx_rates_unreadable',
    'The file has no exchange rates that can be read. Send CSV with the columns date, base, quote and rate, or the daily CSV or XML file of the European Central Bank.',
  )
}

/** The rates in their shortest exact form. Throws `invalid_fx_rate`, naming each that cannot be one of the source. */
export function checkedRates(rates: readonly FoundRate[], publication: Publication): FxRate[] {
  const faults = rates.flatMap((rate) => faultsOf(rate, publication))
  if (faults.length > 0) {
    const shown = faults.slice(0, FAULTS_SHOWN)
    const detail = `${faults.length} of the rates cannot be taken; the first ${shown.length} are named in "errors".`
    throw invalid('invalid_fx_rate', detail, shown)
  }
  return rates.map(({ base, quote, date, rate }) => ({
    base,
    quote,
    date,
    rate: formatDecimal(parseDecimal(rate)!, DIGITS_MAX),
  }))
}

/** More digits than any text that is read as a decimal can have. */
const DIGITS_MAX = 200

function faultsOf({ base, quote, date, rate, where }: FoundRate, { source, lastDay }: Publication): Fault[] {
  const said = (message: string): Fault[] => [{ path: where, message }]
  if (!isBase(source, base)) {
    const hint = isToken(base) ? `; rates of tokens have the source "${TOKEN_SOURCE}"` : ''
    return said(`the base "${base.slice(0, 20)}" is no ISO 4217 code${hint}`)
  }
  if (!isCurrency(quote)) return said(`the quote "${quote.slice(0, 20)}" is no ISO 4217 code`)
  if (base === quote) return said('base and quote are the same currency')
  if (!isLocalDate(date)) return said(`the date "${date.slice(0, 20)}" is no real date, YYYY-MM-DD`)
  if (lastDay !== undefined && date > lastDay)
    return said(`the date ${date} is in the future: nothing after ${lastDay} can have been published`)
  if (!isRate(rate)) return said(`the rate "${rate.slice(0, 20)}" is no decimal number between 1e-9 and 1e9`)
  return []
}

const cellsOf = (text: string): string[][] =>
  Papa.parse<string[]>(text, { skipEmptyLines: 'greedy' }).data.map((row, place) =>
    row.map((cell) => (place === 0 ? cell.trim().toLowerCase() : cell.trim())),
  )

const MONTHS = 'january february march april may june july august september october november december'.split(
  ' ',
)

/** The daily file of the European Central Bank writes `23 November 2026`, the others `2026-11-23`. */
function dateOf(text: string): LocalDate {
  const [, day = '', month = '', year = ''] = /^(\d{1,2}) ([A-Za-z]+) (\d{4})$/.exec(text) ?? []
  const number = MONTHS.indexOf(month.toLowerCase()) + 1
  return number === 0 ? text : `${year}-${String(number).padStart(2, '0')}-${day.padStart(2, '0')}`
}
