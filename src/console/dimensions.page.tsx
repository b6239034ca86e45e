import type { FC } from 'hono/jsx'
import type { AccountRole } from '../ledger/account.ts'
import {
  DIMENSION_SOURCES,
  type DimensionRule,
  type DimensionRules,
  type DimensionSource,
} from '../ledger/dimension.ts'
import { type Column, Table, withQuery } from '../web/table.tsx'
import { ConsolePage } from './console.page.tsx'
import { DIMENSION_ROWS, FIXED } from './dimension-form.http.ts'
import { inWords } from './words.ts'

type DimensionsProps = {
  operator: string
  entityRef: string
  account: AccountRole
  dimensions: DimensionRules
}

/** A row of the form; the last ones are blank. */
type Row = { row: number; name: string; rule: string | DimensionRule }

const SOURCE_WORDS: Record<DimensionSource, string> = {
  customer_ref: 'the customer',
  contract_ref: 'the contract',
  product_ref: 'the product',
  invoice_ref: 'the invoice',
  customer_field: 'a custom field of the customer',
}

/** `Class: Services, Region: from a custom field of the customer` */
export const dimensionsInWords = (dimensions: DimensionRules): string =>
  Object.entries(dimensions)
    .map(([name, rule]) => `${name}: ${typeof rule === 'string' ? rule : `from ${SOURCE_WORDS[rule.from]}`}`)
    .join(', ')

/** The classes, departments or tracking categories that the postings of an account stand under. */
export const DimensionsPage: FC<DimensionsProps> = ({ operator, entityRef, account, dimensions }) => (
  <ConsolePage room="Accounts" title={`Dimensions of ${inWords(account)}`} operator={operator}>
    <p class="hint">
      Names are those of the accounting system: Class and Location in QuickBooks, Department, Class, Location
      or a custom segment in NetSuite, at most two tracking categories in Xero. A row without a name is left
      out.
    </p>
    <form class="panel" method="post" action="/console/accounts/dimensions">
      <input type="hidden" name="entity_ref" value={entityRef} />
      <input type="hidden" name="account" value={account} />
      <Table
        caption="Dimensions with their values"
        hideCaption
        columns={COLUMNS}
        rows={rowsOf(dimensions)}
        empty=""
      />
      <p class="actions">
        <button type="submit" class="button primary">
          Save
        </button>
        <a class="button" href={withQuery('/console/accounts', { entity_ref: entityRef })}>
          Back
        </a>
      </p>
    </form>
  </ConsolePage>
)

const rowsOf = (dimensions: DimensionRules): Row[] => {
  const there = Object.entries(dimensions)
  const count = Math.min(there.length + 2, DIMENSION_ROWS)
  return Array.from({ length: count }, (_, row) => {
    const [name = '', rule = ''] = there[row] ?? []
    return { row, name, rule }
  })
}

const ruleIn = ({ rule }: Row): Partial<DimensionRule> => (typeof rule === 'string' ? {} : rule)

const COLUMNS: Column<Row>[] = [
  {
    head: 'Name',
    cell: ({ row, name }) => <input name={`name_${row}`} value={name} maxlength={64} aria-label="Name" />,
  },
  {
    head: 'Value',
    cell: (of) => (
      <select name={`from_${of.row}`} aria-label="Value">
        <option value={FIXED}>the text beside</option>
        {DIMENSION_SOURCES.map((from) => (
          <option value={from} selected={ruleIn(of).from === from}>
            {SOURCE_WORDS[from]}
          </option>
        ))}
      </select>
    ),
  },
  {
    head: 'Text, or name of the custom field',
    cell: (of) => (
      <input
        name={`text_${of.row}`}
        value={typeof of.rule === 'string' ? of.rule : (of.rule.field ?? '')}
        maxlength={200}
        aria-label="Text, or name of the custom field"
      />
    ),
  },
  {
    head: 'Called otherwise, one a line: found = called',
    cell: (of) => (
      <textarea name={`values_${of.row}`} rows={2} aria-label="Values that are called otherwise">
        {Object.entries(ruleIn(of).values ?? {})
          .map((pair) => pair.join(' = '))
          .join('\n')}
      </textarea>
    ),
  },
  {
    head: 'Else',
    cell: (of) => (
      <input
        name={`otherwise_${of.row}`}
        value={ruleIn(of).otherwise ?? ''}
        maxlength={200}
        aria-label="Value where none is found"
      />
    ),
  },
]
