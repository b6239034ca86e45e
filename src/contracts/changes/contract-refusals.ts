import { conflict, type Fault, invalid } from '../../kernel/problem.ts'

export const numberTaken = (number: string | undefined) =>
  conflict('contract_number_taken', `Another contract has the number "${number}".`)

export const invalidContract = (faults: readonly Fault[]) =>
  invalid('invalid_contract', 'These terms cannot be billed; each fault is named in "errors".', faults)

export const billedTwice = (found?: { productRef: string; otherRef: string }) =>
  conflict(
    'product_already_billed',
    found
      ? `The contract "${found.otherRef}" bills the usage of "${found.productRef}" to this customer over the same time. End it there first, or let this one begin later.`
      : 'Another contract bills the usage of one of these products to this customer over the same time.',
  )
