import { products } from '../../src/catalog/catalog.schema.ts'
import type { ProductKind, RecognitionMethod } from '../../src/catalog/product.ts'
import { legalEntities } from '../../src/customers/customers.schema.ts'
import { invoiceLines, invoices } from '../../src/invoicing/invoicing.schema.ts'
import { commit, type Db, insertRows } from '../../src/storage/db.store.ts'

type Line = { productRef: string; amount: bigint; serviceStart: string; serviceEnd: string } & Partial<
  typeof invoiceLines.$inferInsert
>

export const writeEntity = (db: Db, ref: string, timezone: string) =>
  commit(
    db,
    insertRows(db, legalEntities, [
      {
        ref,
        name: ref,
        legalName: ref,
        address: {},
        currency: 'USD',
        timezone,
        framework: 'ASC606',
        invoiceSeries: 'INV',
        rounding: 'half_up',
        fxSource: 'ecb',
        bankAccounts: [],
        wallets: [],
        createdAt: 0,
      },
    ]),
  )

export const writeProduct = (db: Db, ref: string, kind: ProductKind, recognition: RecognitionMethod) =>
  commit(db, insertRows(db, products, [{ ref, name: ref, kind, recognition, origin: 'api', createdAt: 0 }]))

let sequence = 0

/** Writes an issued invoice as the cycle close does; the entity's books know nothing of it yet. */
export async function writeInvoice(
  db: Db,
  {
    entityRef,
    issueDate,
    lines,
    ...more
  }: { entityRef: string; issueDate: string; lines: Line[]; contractRef?: string },
): Promise<string> {
  sequence += 1
  const id = `inv-${entityRef}-${sequence}`
  const contractRef = more.contractRef ?? `contract-${id}`
  const total = lines.reduce((sum, line) => sum + line.amount, 0n)
  await commit(db, [
    ...insertRows(db, invoices, [
      {
        id,
        entityRef,
        series: 'INV',
        sequence,
        number: `INV-${entityRef}-${sequence}`,
        customerRef: 'customer',
        contractRef,
        cycleNo: 1,
        productRef: '',
        changeNo: 0,
        currency: 'USD',
        issueDate,
        dueDate: issueDate,
        periodStart: issueDate,
        periodEnd: issueDate,
        netTerms: 0,
        subTotal: total,
        totalDiscount: 0n,
        discounts: [],
        totalTax: 0n,
        total,
        creditsAmount: 0n,
        creditsUsed: [],
        taxes: [],
        parties: { buyer: { email: null } } as never,
        paymentMethods: [],
        paymentReference: id,
        contentHash: '',
        issuedAt: Date.parse(`${issueDate}T00:00:00Z`),
      },
    ]),
    ...insertRows(
      db,
      invoiceLines,
      lines.map((line, place) => ({
        id: `${id}-line-${place}`,
        invoiceId: id,
        contractRef,
        position: place,
        kind: 'recurring' as const,
        description: '',
        serviceCycleNo: 1,
        quantity: '1',
        discount: 0n,
        netAmount: line.amount,
        taxPercent: '0',
        taxes: [],
        detail: [],
        usageByMonth: {},
        ...line,
      })),
    ),
  ])
  return id
}
