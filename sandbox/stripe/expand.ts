import { invalidRequest } from './fault.ts'
import type { Tables } from './tables.ts'

type Json = { [key: string]: unknown }

/** Puts whole objects where the answer has their ids: `latest_charge`, `data.customer`, `payment_intent.customer`. */
export function expanded(tables: Tables, answer: object, paths: readonly string[]): object {
  const copy = JSON.parse(JSON.stringify(answer)) as Json
  for (const path of paths) expandOne(tables, copy, path.split('.'), path)
  return copy
}

function expandOne(tables: Tables, object: Json, [head = '', ...rest]: string[], path: string): void {
  const field = object[head]
  if (head === 'data' && Array.isArray(field)) {
    for (const item of field) expandOne(tables, item as Json, rest, path)
    return
  }
  if (field === undefined) throw invalidRequest(`This property cannot be expanded (${path}).`)
  if (typeof field === 'string') object[head] = objectOf(tables, field, path)
  if (rest.length > 0 && object[head]) expandOne(tables, object[head] as Json, rest, path)
}

function objectOf(tables: Tables, id: string, path: string): unknown {
  const kinds = {
    cus: tables.customers,
    pm: tables.paymentMethods,
    pi: tables.paymentIntents,
    ch: tables.charges,
    re: tables.refunds,
    dp: tables.disputes,
    txn: tables.balanceTransactions,
    po: tables.payouts,
  }
  const table = kinds[id.split('_')[0] as keyof typeof kinds]
  if (!table) throw invalidRequest(`This property cannot be expanded (${path}).`)
  return table.get(id) ?? null
}
