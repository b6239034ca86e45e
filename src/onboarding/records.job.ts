import {
  changeProduct,
  completeProduct,
  findProducts,
  insertProduct,
  type Product,
} from '../catalog/catalog.store.ts'
import {
  productBody,
  productEdit,
  readProduct,
  readProductEdit,
  showProduct,
} from '../catalog/product.http.ts'
import { orKindFixed } from '../catalog/register.job.ts'
import { faultsOfChange } from '../contracts/changes/unfit-change.job.ts'
import {
  customerBody,
  customerEdit,
  readCustomer,
  readCustomerEdit,
  showCustomer,
} from '../customers/customer.http.ts'
import {
  findCustomers,
  findEntities,
  insertCustomer,
  insertEntity,
  updateCustomer,
  updateEntity,
} from '../customers/customers.store.ts'
import { orEntityFixed } from '../customers/edit.job.ts'
import { entityBody, entityEdit, readEntity, readEntityEdit, showEntity } from '../customers/entity.http.ts'
import { isSameCustomer, UNKNOWN_ENTITY } from '../customers/register.job.ts'
import { invalidRequest } from '../http/router.http.ts'
import { changesOf } from '../storage/edit.store.ts'
import { sameContent } from '../storage/register.store.ts'
import { recordStage } from './record-stage.job.ts'
import type { ImportContext } from './stage.job.ts'

type Parsed<T> = { success: true; data: T } | { success: false; error: Parameters<typeof invalidRequest>[0] }

function orInvalid<T>(parsed: Parsed<T>): T {
  if (!parsed.success) throw invalidRequest(parsed.error)
  return parsed.data
}

/** What is there by these refs, and over it what a dry run would have written. */
export const lookUp = {
  entities: async ({ db, rehearsed }: ImportContext, refs: readonly string[]) =>
    new Map([...(await findEntities(db, refs)), ...rehearsed.entities]),
  products: async ({ db, rehearsed }: ImportContext, refs: readonly string[]) =>
    new Map([...(await findProducts(db, refs)), ...rehearsed.products]),
  customers: async ({ db, rehearsed }: ImportContext, refs: readonly string[]) =>
    new Map([...(await findCustomers(db, refs)), ...rehearsed.customers]),
}

export const entityStage = () =>
  recordStage({
    kind: 'entities',
    what: 'entity',
    refField: 'entity_ref',
    body: entityBody,
    standIn: { name: '-', currency: 'USD', timezone: 'UTC' },
    read: readEntity,
    isSame: sameContent,
    edited: (there, fields) => readEntityEdit(there, orInvalid(entityEdit.safeParse(fields))),
    show: showEntity,
    find: lookUp.entities,
    insert: insertEntity,
    update: (db, before, after) => updateEntity(db, after.ref, changesOf(before, after)),
    explained: orEntityFixed,
    note: ({ entities }, row) => entities.set(row.ref, row),
  })

export const productStage = () =>
  recordStage({
    kind: 'products',
    what: 'product',
    refField: 'product_ref',
    body: productBody,
    standIn: { name: '-', kind: 'usage' },
    read: readProduct,
    isSame: (there: Product, sent: Product) => sameContent(there, sent),
    edited: (there, fields) => readProductEdit(there, orInvalid(productEdit.safeParse(fields))),
    show: showProduct,
    find: lookUp.products,
    insert: insertProduct,
    update: (db, before, after, now) =>
      before.origin === 'usage' ? completeProduct(db, after) : changeProduct(db, before, after, now),
    unfit: ({ db }, after) => faultsOfChange(db, after),
    explained: orKindFixed,
    note: ({ products }, row) => products.set(row.ref, row),
  })

export const customerStage = () =>
  recordStage({
    kind: 'customers',
    what: 'customer',
    refField: 'customer_ref',
    body: customerBody,
    standIn: { name: '-' },
    read: readCustomer,
    isSame: isSameCustomer,
    edited: (there, fields) => readCustomerEdit(there, orInvalid(customerEdit.safeParse(fields))),
    show: showCustomer,
    find: lookUp.customers,
    faults: async (context, sent) => {
      const refs = [...new Set(sent.flatMap(({ entityRef }) => entityRef ?? []))]
      const entities = await lookUp.entities(context, refs)
      return ({ entityRef }) => (entityRef === null || entities.has(entityRef) ? [] : [UNKNOWN_ENTITY])
    },
    insert: insertCustomer,
    update: (db, before, after) => updateCustomer(db, after.ref, changesOf(before, after)),
    note: ({ customers }, row) => customers.set(row.ref, row),
  })
