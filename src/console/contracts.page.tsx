import type { FC } from 'hono/jsx'
import type { Contract } from '../contracts/contract.ts'
import { type ContractState, contractState } from '../contracts/contract-state.ts'
import { dateAt } from '../contracts/periods/zone.ts'
import type { Paged } from '../kernel/page.ts'
import { Status, type StatusLook } from '../web/status.tsx'
import { type Column, Pagination, Table } from '../web/table.tsx'
import { DateText } from '../web/time.tsx'
import { ConsolePage } from './console.page.tsx'
import { cycleInWords, inWords } from './words.ts'

export const CONTRACT_LOOKS: Record<ContractState, StatusLook> = {
  draft: { word: 'Draft', shape: 'square', tone: 'idle' },
  active: { word: 'Active', shape: 'check', tone: 'good' },
  amended: { word: 'Amended', shape: 'check', tone: 'good' },
  renewed: { word: 'Renewed', shape: 'check', tone: 'good' },
  cancelled: { word: 'Cancelled', shape: 'cross', tone: 'idle' },
  ended: { word: 'Ended', shape: 'square', tone: 'idle' },
}

export const contractPath = (ref: string): string => `/console/contracts/${encodeURIComponent(ref)}`

export const contractColumns = ({ names }: { names?: Map<string, string> }): Column<Contract>[] => [
  { head: 'Contract', kind: 'name', cell: ({ ref, number }) => <a href={contractPath(ref)}>{number}</a> },
  ...(names
    ? [
        {
          head: 'Customer',
          cell: ({ customerRef }: Contract) => (
            <a href={`/console/customers/${encodeURIComponent(customerRef)}`}>
              {names.get(customerRef) ?? customerRef}
            </a>
          ),
        },
      ]
    : []),
  { head: 'State', cell: (contract) => <Status {...CONTRACT_LOOKS[contractState(contract)]} /> },
  { head: 'Billed', cell: ({ terms }) => inWords(cycleInWords(terms.billing_cycle)) },
  { head: 'Start', cell: ({ terms }) => <DateText date={terms.start_date} /> },
  {
    head: 'Next invoice',
    cell: ({ terms, nextCloseAt }) =>
      nextCloseAt === null ? '' : <DateText date={dateAt(terms, nextCloseAt)} />,
  },
  { head: 'Currency', cell: ({ terms }) => terms.currency },
]

type ContractsProps = { operator: string; page: Paged<Contract>; names: Map<string, string> }

export const ContractsPage: FC<ContractsProps> = ({ operator, page, names }) => (
  <ConsolePage room="Contracts" title="Contracts" operator={operator}>
    <section class="panel">
      <Table
        caption="Contracts, the newest first"
        hideCaption
        columns={contractColumns({ names })}
        rows={page.rows}
        empty="There is no contract yet."
      />
      <Pagination path="/console/contracts" nextCursor={page.nextCursor} />
    </section>
  </ConsolePage>
)
