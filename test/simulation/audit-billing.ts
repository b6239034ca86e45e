import {
  type CycleDates,
  cyclesOf,
  dateIn,
  minorOf,
  priceOf,
  roundedQuotient,
  SCALE,
  scaled,
} from './arithmetic.ts'
import { type Books, differs, type LineRow, sumOf } from './books.ts'
import type { ContractFact, Facts, ProductFact, UsageFact } from './facts.ts'

type UsageProduct = Extract<ProductFact, { kind: 'usage' }>

/** Numbers of a seller's series are 1, 2, 3 … in the order of issue. */
export function auditNumbers({ invoices }: Books): string[] {
  const bySeries = Map.groupBy(invoices, ({ entity_ref, series }) => `${entity_ref} ${series}`)
  return [...bySeries].flatMap(([series, rows]) => [
    ...differs(
      `numbers of ${series}`,
      rows.map(({ sequence }) => sequence),
      rows.map((_, place) => place + 1),
    ),
    ...rows.flatMap(({ number, sequence, issued_at }, place) => [
      ...differs(`number ${number} carries its sequence`, Number(number.replace(/\D/g, '')), sequence),
      ...differs(
        `${number} issued after the one before`,
        (rows[place - 1]?.issued_at ?? 0) <= issued_at,
        true,
      ),
    ]),
  ])
}

/** Lines make the subtotal, tax is computed on it once, and an invoice is of one product or of all. */
export function auditInvoices({ invoices, lines }: Books, { contracts }: Facts): string[] {
  const byInvoice = Map.groupBy(lines, ({ invoice_id }) => invoice_id)
  return invoices.flatMap((invoice) => {
    const contract = contracts.find(({ ref }) => ref === invoice.contract_ref)
    if (!contract) return []
    const own = byInvoice.get(invoice.id) ?? []
    const taxed = BigInt(invoice.sub_total) * scaled(contract.taxPercent)
    const tax = roundedQuotient(taxed, 100n * SCALE, contract.entity.rounding)
    const perProduct = own.filter(({ product_ref }) => product_ref === invoice.product_ref).length
    return [
      ...differs(`${invoice.number} has lines`, own.length > 0, true),
      ...differs(`${invoice.number} subtotal`, invoice.sub_total, sumOf(own)),
      ...differs(`${invoice.number} tax`, invoice.total_tax, tax),
      ...differs(`${invoice.number} total`, invoice.total, invoice.sub_total + invoice.total_tax),
      ...differs(
        `${invoice.number} lines of its product`,
        perProduct,
        contract.invoicing === 'per_product' ? own.length : 0,
      ),
    ]
  })
}

/**
 * Every closed cycle of a contract is billed for its usage and its fees, each once. `complete` says that no usage came
 * after the last close; before that, usage may be waiting for the next invoice.
 */
export const auditContracts = (books: Books, facts: Facts, complete: boolean): string[] =>
  facts.contracts.flatMap((contract) => {
    const closed = books.closes.filter(({ contract_ref }) => contract_ref === contract.ref).length
    const next = books.contracts.find(({ ref }) => ref === contract.ref)?.next_cycle
    const lines = books.lines.filter(({ contract_ref }) => contract_ref === contract.ref)
    const cycles = cyclesOf(contract, closed)
    const usage = contract.products.filter((product) => product.kind === 'usage')
    return [
      ...differs(`${contract.ref} next boundary`, next, closed),
      ...usage.flatMap((product) =>
        cycles
          .slice(0, -1)
          .flatMap((cycle, place) =>
            auditUsage(contract, product, place + 1, cycle, lines, facts.usage, complete),
          ),
      ),
      ...differs(
        `${contract.ref} usage lines of closed cycles alone`,
        lines.filter(isUsage).every((line) => line.service_cycle_no >= 1 && line.service_cycle_no < closed),
        true,
      ),
      ...differs(
        `${contract.ref} fees`,
        lines
          .filter((line) => !isUsage(line))
          .map(feeText)
          .sort()
          .join('\n'),
        feesOf(contract, cycles).sort().join('\n'),
      ),
    ]
  })

const isUsage = ({ kind }: LineRow): boolean => kind === 'usage' || kind === 'usage_adjustment'

/** The events of a product in one cycle, by the calendar of the contract. */
export const usageIn = (
  contract: ContractFact,
  product: UsageProduct,
  { start, end }: { start: string; end: string },
  usage: readonly UsageFact[],
): UsageFact[] =>
  usage.filter(({ customerRef, productRef, at, isVoided }) => {
    if (isVoided || customerRef !== contract.customerRef || productRef !== product.ref) return false
    const date = dateIn(contract.timezone, at)
    return date >= start && date < end
  })

/** Scaled; quantities are never below zero. */
export function quantityOf({ metric }: UsageProduct, events: readonly UsageFact[]): bigint {
  const quantities = events.map(({ quantity }) => scaled(quantity))
  switch (metric) {
    case 'sum':
      return quantities.reduce((total, quantity) => total + quantity, 0n)
    case 'count':
      return BigInt(events.length) * SCALE
    case 'max':
      return quantities.sort((a, b) => Number(a - b)).at(-1) ?? 0n
    case 'users':
      return BigInt(new Set(events.map(({ user }) => user)).size) * SCALE
  }
}

/** Before all that is to be corrected has been, too much may have been billed. */
const isSettled = (contract: ContractFact, product: UsageProduct, usage: readonly UsageFact[]): boolean =>
  !usage.some(
    ({ customerRef, productRef, isAmended, isVoided }) =>
      customerRef === contract.customerRef && productRef === product.ref && (isAmended || isVoided),
  )

function auditUsage(
  contract: ContractFact,
  product: UsageProduct,
  cycleNo: number,
  cycle: CycleDates,
  lines: readonly LineRow[],
  usage: readonly UsageFact[],
  complete: boolean,
): string[] {
  const what = `${contract.ref} ${product.ref} cycle ${cycleNo}`
  const own = lines.filter(
    (line) => isUsage(line) && line.product_ref === product.ref && line.service_cycle_no === cycleNo,
  )
  const billed = own.reduce((total, { quantity }) => total + scaled(quantity), 0n)
  const used = quantityOf(product, usageIn(contract, product, cycle, usage))
  return [
    ...differs(`${what} first lines`, own.filter(({ kind }) => kind === 'usage').length <= 1, true),
    ...differs(
      `${what} amount`,
      sumOf(own),
      priceOf(billed, product.tiers, contract.digits, contract.entity.rounding),
    ),
    ...(complete ? differs(`${what} quantity`, billed, used) : []),
    ...(isSettled(contract, product, usage)
      ? differs(`${what} billed beyond what was used`, billed > used, false)
      : []),
    ...own.flatMap((line) =>
      differs(`${what} period`, `${line.service_start} ${line.service_end}`, `${cycle.start} ${cycle.end}`),
    ),
  ]
}

/** The fees of all boundaries closed so far; a cycle that the contract's start has cut is paid for its days. */
const feesOf = (contract: ContractFact, cycles: readonly CycleDates[]): string[] =>
  contract.products.flatMap((product) => {
    if (product.kind === 'usage' || cycles.length === 0) return []
    const exact = scaled(product.amount) * scaled(product.quantity)
    const { digits, entity } = contract
    if (product.kind === 'one_time') {
      const amount = minorOf(exact, digits, entity.rounding)
      return `${product.ref} 1 one_time ${contract.start} ${amount}`
    }
    return cycles.slice(0, product.inAdvance ? undefined : -1).map((cycle, place) => {
      const part = { num: BigInt(cycle.days), den: BigInt(cycle.fullDays) }
      const amount = minorOf(exact, digits, entity.rounding, part)
      return `${product.ref} ${place + 1} recurring ${cycle.start} ${amount}`
    })
  })

const feeText = (line: LineRow): string =>
  `${line.product_ref} ${line.service_cycle_no} ${line.kind} ${line.service_start} ${line.amount}`
