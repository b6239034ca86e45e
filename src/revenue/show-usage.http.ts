import { addDays } from '../kernel/calendar.ts'
import { formatMoney } from '../kernel/money.ts'
import type { AccountingContract, Member } from './accounting/accounting-contract.ts'
import type { PinnedProduct } from './accounting/coverage.ts'
import { factsAbout } from './accounting/member-state.ts'
import { usageEstimates } from './accounting/usage-estimate.ts'
import { policyReasons, usagePolicies } from './accounting/usage-policy.ts'
import type { ContractAnswer } from './accounting.http.ts'
import { type Framework, policyOf } from './policy.ts'
import { showReason, showVariable } from './preview/answer-deal.http.ts'

/** Why usage of each product is revenue as it happens, and what is estimated of it. */
export const showUsage = (contract: AccountingContract, framework: Framework): ContractAnswer['usage'] =>
  contract.members.flatMap((member) =>
    [...member.products.values()]
      .filter(({ kind }) => kind === 'usage')
      .map((product) => ({
        contract_ref: member.contractRef,
        product_ref: product.ref,
        policies: policiesOf(contract, member, product, framework),
        estimates: estimatesOf(contract, member, product, framework),
      })),
  )

function policiesOf(
  contract: AccountingContract,
  member: Member,
  product: PinnedProduct,
  framework: Framework,
) {
  const [signed] = member.versions
  const { terms } = member.versions.at(-1)!
  return usagePolicies(product, factsAbout(contract, member), signed.effectiveDate).map(
    ({ from, policy, decidedBy, reason }) => ({
      from,
      policy,
      decided_by: decidedBy,
      reason,
      explanations: policyReasons(product.ref, policy, terms).map((said) => showReason(said, framework)),
    }),
  )
}

function estimatesOf(
  contract: AccountingContract,
  member: Member,
  { ref }: PinnedProduct,
  framework: Framework,
) {
  const { currency, rounding } = contract
  const [{ effectiveDate: signedOn }] = member.versions
  const policy = policyOf(framework, { rounding })
  return usageEstimates(factsAbout(contract, member), member.products, { currency, signedOn }, policy)
    .filter(({ productRef }) => productRef === ref)
    .map(({ from, end, reasons, ...estimate }) => ({
      ...showVariable(estimate, currency, (amount) => formatMoney(amount, currency)),
      from,
      until: addDays(end, -1),
      explanations: reasons.map((said) => showReason(said, framework)),
    }))
}
