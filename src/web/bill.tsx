import type { FC } from 'hono/jsx'
import type { DocumentLine, InvoiceDocument } from '../invoicing/documents/document.ts'
import { Facts } from './facts.tsx'
import { withMinusSign } from './money.tsx'
import { type Column, Table } from './table.tsx'

/** The invoice itself: both sides, lines, totals. The texts are those of the PDF and the mail. */
export const InvoiceBill: FC<{ document: InvoiceDocument }> = ({ document }) => (
  <section class="bill panel" aria-labelledby="bill">
    <h2 id="bill">Invoice details</h2>
    <div class="parties">
      <Party title="From" {...document.seller} />
      <Party title="Billed to" {...document.buyer} />
    </div>
    <Facts items={document.facts.map(({ label, value }) => [label, value] as const)} />
    <Table
      caption={`Lines, in ${document.currency}`}
      columns={LINE_COLUMNS}
      rows={document.lines}
      empty="No lines."
    />
    <dl class="totals">
      {document.totals.map(({ label, value }) => (
        <div>
          <dt>{label}</dt>
          <dd>{withMinusSign(value)}</dd>
        </div>
      ))}
      <div class="last">
        <dt>Amount due</dt>
        <dd>{document.amountDue}</dd>
      </div>
    </dl>
    {document.notes.map((note) => (
      <p class="soft">{note}</p>
    ))}
  </section>
)

const Party: FC<{ title: string; name: string; lines: string[] }> = ({ title, name, lines }) => (
  <div>
    <h3>{title}</h3>
    <p>
      <strong>{name}</strong>
      {lines.map((line) => `\n${line}`)}
    </p>
  </div>
)

const LINE_COLUMNS: Column<DocumentLine>[] = [
  {
    head: 'Description',
    kind: 'name',
    cell: (line) => (
      <>
        {line.description}
        <div class="period">
          {line.period}
          {line.note && `, ${line.note}`}
        </div>
        {line.detail.length > 1 && <Steps line={line} />}
      </>
    ),
  },
  { head: 'Quantity', kind: 'figure', cell: (line) => withMinusSign(line.quantity) },
  { head: 'Unit price', kind: 'figure', cell: (line) => line.unitAmount },
  { head: 'Amount', kind: 'figure', cell: (line) => withMinusSign(line.amount) },
]

const Steps: FC<{ line: DocumentLine }> = ({ line }) => (
  <details>
    <summary>How this was calculated</summary>
    <ul class="steps">
      {line.detail.map((step) => (
        <li>
          <span>{step.description}</span>
          <span>
            {withMinusSign(step.quantity)}
            {step.unitAmount && ` × ${step.unitAmount}`} = {withMinusSign(step.amount)}
          </span>
        </li>
      ))}
    </ul>
  </details>
)
