import type { FC } from 'hono/jsx'
import type { Product } from '../catalog/catalog.store.ts'
import type { UsagePolicy } from '../catalog/product.ts'
import { groupDigits } from '../kernel/digits.ts'
import type { ContractAnswer } from '../revenue/accounting.http.ts'
import { type Column, Table } from '../web/table.tsx'
import { DateText } from '../web/time.tsx'
import { Panel } from './console.page.tsx'

type Usage = ContractAnswer['usage']
type PolicyRow = Usage[number]['policies'][number] & { name: string }
type EstimateRow = Usage[number]['estimates'][number] & { name: string }

const POLICIES: Record<UsagePolicy, string> = {
  right_to_invoice: 'Right to invoice',
  variable_allocation: 'Variable consideration of its days',
}

const DECIDED: Record<PolicyRow['decided_by'], string> = {
  default: 'By default',
  product: 'By the product',
  judgement: 'Judged for this contract',
}

/** Why usage of a contract is revenue as it happens, and what is estimated of it; nothing where it sells none. */
export const UsageAccounting: FC<{ usage: Usage; products: Map<string, Product> }> = ({
  usage,
  products,
}) => {
  const named = (ref: string) => ({ name: products.get(ref)?.name ?? ref })
  const policies = usage.flatMap((own) =>
    own.policies.map((row): PolicyRow => ({ ...row, ...named(own.product_ref) })),
  )
  const estimates = usage.flatMap((own) =>
    own.estimates.map((row): EstimateRow => ({ ...row, ...named(own.product_ref) })),
  )
  return policies.length === 0 ? null : (
    <Panel id="usage-revenue" title="Revenue of usage">
      <Table
        caption="Why usage is revenue as it happens"
        columns={POLICY_COLUMNS}
        rows={policies}
        empty="No usage is sold."
      />
      {estimates.length > 0 && (
        <Table caption="Usage to come, as estimated" columns={ESTIMATE_COLUMNS} rows={estimates} empty="" />
      )}
    </Panel>
  )
}

const POLICY_COLUMNS: Column<PolicyRow>[] = [
  { head: 'Product', kind: 'name', cell: ({ name }) => name },
  { head: 'From', cell: ({ from }) => <DateText date={from} /> },
  {
    head: 'Policy',
    cell: ({ policy, explanations: [said] }) => `${POLICIES[policy]} (${said?.paragraph ?? ''})`,
  },
  {
    head: 'Decided',
    cell: ({ decided_by: by, reason }) => (reason === null ? DECIDED[by] : `${DECIDED[by]}: ${reason}`),
  },
  {
    head: 'To look at',
    cell: ({ explanations: [, ...doubts] }) => doubts.map(({ text }) => text).join(' '),
  },
]

const ESTIMATE_COLUMNS: Column<EstimateRow>[] = [
  { head: 'Product', kind: 'name', cell: ({ name }) => name },
  { head: 'Estimate', cell: ({ key }) => key },
  { head: 'From', cell: ({ from }) => <DateText date={from} /> },
  { head: 'Until', cell: ({ until }) => <DateText date={until} /> },
  { head: 'Before the constraint', kind: 'figure', cell: ({ estimate }) => groupDigits(estimate) },
  { head: 'Included', kind: 'figure', cell: ({ included }) => groupDigits(included) },
]
