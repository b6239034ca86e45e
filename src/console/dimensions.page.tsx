import type { Child, FC } from 'hono/jsx'
import type { AccountRole } from '../ledger/account.ts'
import {
  DIMENSION_SOURCES,
  type DimensionRule,
  type DimensionRules,
  type DimensionSource,
} from '../ledger/dimension.ts'
import { withQuery } from '../web/table.tsx'
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
      or a custom segment in NetSuite, at most two tracking categories in Xero. What has no name is left out.
      Under “Called” stands what the accounting system calls a value, one in each line: api-calls = Usage.
    </p>
    <form class="panel stack" method="post" action="/console/accounts/dimensions">
      <input type="hidden" name="entity_ref" value={entityRef} />
      <input type="hidden" name="account" value={account} />
      {rowsOf(dimensions).map((row) => (
        <Dimension {...row} />
      ))}
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

/** The dimensions that are there, and two blank ones. */
const rowsOf = (dimensions: DimensionRules): Row[] => {
  const there = Object.entries(dimensions)
  const count = Math.min(there.length + 2, DIMENSION_ROWS)
  return Array.from({ length: count }, (_, row) => {
    const [name = '', rule = ''] = there[row] ?? []
    return { row, name, rule }
  })
}

const Dimension: FC<Row> = ({ row, name, rule }) => {
  const { from, field = '', values = {}, otherwise = '' } = typeof rule === 'string' ? {} : rule
  const text = typeof rule === 'string' ? rule : field
  const called = Object.entries(values).map((pair) => pair.join(' = '))
  return (
    <fieldset class="facts">
      <legend class="unseen">Dimension {row + 1}</legend>
      <Field label="Name" id={`name_${row}`}>
        <input id={`name_${row}`} name={`name_${row}`} value={name} maxlength={64} />
      </Field>
      <Field label="Value" id={`from_${row}`}>
        <select id={`from_${row}`} name={`from_${row}`}>
          <option value={FIXED}>the text below</option>
          {DIMENSION_SOURCES.map((source) => (
            <option value={source} selected={source === from}>
              {SOURCE_WORDS[source]}
            </option>
          ))}
        </select>
      </Field>
      <Field label="Text, or field" id={`text_${row}`}>
        <input id={`text_${row}`} name={`text_${row}`} value={text} maxlength={200} />
      </Field>
      <Field label="Called" id={`values_${row}`}>
        <textarea id={`values_${row}`} name={`values_${row}`} rows={Math.max(called.length, 1)}>
          {called.join('\n')}
        </textarea>
      </Field>
      <Field label="Else" id={`otherwise_${row}`}>
        <input id={`otherwise_${row}`} name={`otherwise_${row}`} value={otherwise} maxlength={200} />
      </Field>
    </fieldset>
  )
}

const Field: FC<{ label: string; id: string; children?: Child }> = ({ label, id, children }) => (
  <div>
    <label for={id}>{label}</label>
    {children}
  </div>
)
