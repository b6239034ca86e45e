import { numberTaken } from '../contracts/changes/contract-refusals.ts'
import { contractBody } from '../contracts/contract.http.ts'
import type { Contract } from '../contracts/contract.ts'
import { contractStatements, orBilledTwice } from '../contracts/contract-statements.job.ts'
import type { ContractVersion, UnnumberedContract } from '../contracts/contracts.store.ts'
import { agreed } from '../contracts/create-contract.job.ts'
import { agreedCurrency, type DraftContext, decideContract } from '../contracts/decide-contract.job.ts'
import { pricedFrom } from '../contracts/terms/booked-price.job.ts'
import { contractParts } from '../contracts/terms/contract-parts.http.ts'
import { decideInFull, type Partly } from '../kernel/partly.ts'
import { Problem } from '../kernel/problem.ts'
import { type Asked, contextOf, note, type Surroundings, surroundings } from './contract-surroundings.job.ts'
import { differences } from './differences.ts'
import { type ImportRow, reported } from './import-report.ts'
import { REF_NEEDED, refOf } from './record-stage.job.ts'
import { readRow } from './row.http.ts'
import type { ImportContext, Stage } from './stage.job.ts'
import { type Decided, faultsOf, firstRowOf, refused, unwritten } from './stage.ts'

type Draft = Partly<Asked> & { row: ImportRow; ref: string | null }

/**
 * Contracts are made as the route makes them, and told apart by their ref. One that is there is never edited by an
 * import: an amendment has a date from which on it holds.
 */
export function contractStage(): Stage<UnnumberedContract> {
  const repeated = firstRowOf()
  return {
    decide: async (context, rows) => {
      const read = rows.map((row) => draftOf(row, repeated))
      const around = await surroundings(
        context,
        read.map((one) => one.value),
      )
      return read.map((one) => decide(context, one, around))
    },
    statements: ({ db, actor }, plans) => contractStatements(db, actor, plans),
    explained: (_, committed) => orBilledTwice(committed),
    note: ({ contracts }, contract) => contracts.set(contract.ref, contract),
  }
}

/** The contract of a row as far as it could be read; the ref by which it is known is among what has to be right. */
function draftOf(row: ImportRow, repeated: ReturnType<typeof firstRowOf>): Draft {
  const ref = refOf(row, 'contract_ref')
  const read = readRow(contractBody, contractParts, row)
  const isMissing = ref === null && read.isRead('contract_ref')
  const faults = [
    ...read.faults,
    ...(isMissing ? [{ path: 'contract_ref', message: REF_NEEDED }] : []),
    ...(ref === null ? [] : repeated(ref, row.row)),
  ]
  return { ...read, row, ref, value: { ...read.value, contract_ref: ref ?? '' }, faults }
}

function decide({ actor }: ImportContext, draft: Draft, around: Surroundings): Decided<UnnumberedContract> {
  const { row, ref } = draft
  try {
    return decideInFull(draft, () => decided(draft, around, actor.now))
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return refused('contracts', row, ref, faultsOf(error))
  }
}

function decided(draft: Draft, around: Surroundings, now: number): Decided<UnnumberedContract> {
  const { contract_ref: ref, contract_number: number } = draft.value
  const there = around.byRef.get(ref)
  const contract = decidePriced(draft, contextOf(draft, around, there), around, now)
  if (there) return held(draft.row, contract, there, around.firstVersions.get(ref))
  if (number !== undefined && around.refOfNumber.has(number)) throw numberTaken(number)
  if (draft.faults.length === 0) note(contract, around)
  return { report: reported('contracts', draft.row, ref, 'created'), plan: contract }
}

/**
 * The contract that a row makes, with the prices of its books; of one that is there, by the versions that it took them
 * from, so that the same file finds it unchanged after a book was written again.
 */
function decidePriced(
  draft: Draft,
  context: DraftContext,
  around: Surroundings,
  now: number,
): UnnumberedContract {
  const { products: asked, ...sent } = draft.value
  const books = around.booksTaken.get(sent.contract_ref) ?? around.books
  const start = { ...agreedCurrency(draft, context), day: sent.start_date }
  const { value: products, ...found } = pricedFrom(books, asked, start)
  return decideContract({ ...found, value: { ...sent, products } }, context, now)
}

/** A contract that is there is compared with what it was made with: later amendments are no other content. */
function held(
  row: ImportRow,
  contract: UnnumberedContract,
  there: Contract,
  first: ContractVersion | undefined,
): Decided<never> {
  const made = first ? { ...there, terms: first.terms } : there
  const faults = differences(agreed(made), agreed(contract, there))
  if (faults.length === 0) return unwritten(reported('contracts', row, there.ref, 'unchanged'))
  const path = `/api/contracts/edit/${there.ref}`
  const message = `is there with other terms; amend it with POST ${path}, or use another reference`
  return refused('contracts', row, there.ref, [{ path: 'contract_ref', message }, ...faults])
}
