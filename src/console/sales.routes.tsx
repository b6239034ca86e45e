import { findProducts } from '../catalog/catalog.store.ts'
import type { Contract } from '../contracts/contract.ts'
import { contractsOfCustomer, findContract, listContracts, versionsOf } from '../contracts/contracts.store.ts'
import { dateAt, instantOf } from '../contracts/periods/zone.ts'
import { readWallet } from '../credits/credits.store.ts'
import { walletBalances } from '../credits/wallet.ts'
import { findCustomer, listCustomers } from '../customers/customers.store.ts'
import type { Env } from '../env.ts'
import { createRouter } from '../http/router.http.ts'
import { listInvoices } from '../invoicing/invoicing.store.ts'
import { notFound } from '../kernel/problem.ts'
import { listPayments } from '../payments/payments.store.ts'
import { type Account, accountOf } from '../revenue/accounting.job.ts'
import { showUsage } from '../revenue/show-usage.http.ts'
import type { ProductUsage } from '../usage/usage-summary.ts'
import { ContractPage, runningCycle } from './contract.page.tsx'
import { ContractsPage } from './contracts.page.tsx'
import { CustomerPage, CustomersPage } from './customers.page.tsx'
import { customerNames, sellersToday } from './lookups.store.ts'
import { pageOfQuery } from './page-query.ts'

/** Who buys what: customers and contracts. */
export const salesPages = createRouter()

salesPages.get('/customers', async (c) => {
  const page = await listCustomers(c.var.db, pageOfQuery(c.req.query()))
  return c.html(<CustomersPage operator={c.var.principal.label} page={page} />)
})

salesPages.get('/customers/:ref', async (c) => {
  const { db, now, principal } = c.var
  const customerRef = c.req.param('ref')
  const customer = await findCustomer(db, customerRef)
  if (!customer) throw notFound('customer', customerRef)
  const [contracts, invoices, payments, wallet, todayOf] = await Promise.all([
    contractsOfCustomer(db, customerRef),
    listInvoices(db, { ...pageOfQuery(c.req.query()), customerRef }),
    listPayments(db, { limit: 20, customerRef }),
    readWallet(db, { customerRef }),
    sellersToday(db, now),
  ])
  const shown = {
    operator: principal.label,
    customer,
    contracts,
    invoices,
    payments,
    balances: walletBalances(wallet, now),
    wallet,
    now,
    todayOf,
  }
  return c.html(<CustomerPage {...shown} />)
})

salesPages.get('/contracts', async (c) => {
  const { db, principal } = c.var
  const page = await listContracts(db, pageOfQuery(c.req.query()))
  const names = await customerNames(
    db,
    page.rows.map(({ customerRef }) => customerRef),
  )
  return c.html(<ContractsPage operator={principal.label} page={page} names={names} />)
})

salesPages.get('/contracts/:ref', async (c) => {
  const { db, now, principal } = c.var
  const ref = c.req.param('ref')
  const contract = await findContract(db, ref)
  if (!contract) throw notFound('contract', ref)
  const usage = await runningUsage(c.env, contract)
  const productRefs = [
    ...contract.terms.products.map(({ product_ref }) => product_ref),
    ...usage.map((row) => row.productRef),
  ]
  const [products, names, versions, invoices, todayOf, account] = await Promise.all([
    findProducts(db, productRefs),
    customerNames(db, [contract.customerRef]),
    versionsOf(db, ref),
    listInvoices(db, { ...pageOfQuery(c.req.query()), contractRef: ref }),
    sellersToday(db, now),
    accountOf(db, ref),
  ])
  return c.html(
    <ContractPage
      operator={principal.label}
      contract={contract}
      customerName={names.get(contract.customerRef) ?? contract.customerRef}
      products={products}
      versions={versions}
      invoices={invoices}
      cycle={runningCycle(contract)}
      today={dateAt(contract.terms, now)}
      usage={usage}
      todayOf={todayOf}
      financing={account?.financing ?? []}
      usageRevenue={account ? usageRevenue(account, ref) : []}
    />,
  )
})

/** That of the contract itself, where others are accounted for with it. */
const usageRevenue = ({ contract, framework }: Account, ref: string) =>
  showUsage(contract, framework).filter(({ contract_ref: own }) => own === ref)

/** What the customer's meter shows for the running cycle, of the products that the contract bills. */
async function runningUsage(env: Env, contract: Contract): Promise<ProductUsage[]> {
  const { start, end } = runningCycle(contract)
  const { timezone, products } = contract.terms
  const all: ProductUsage[] = await env.USAGE_METER.getByName(contract.customerRef).summary({
    start: instantOf(contract.terms, start),
    end: instantOf(contract.terms, end),
    timezone,
  })
  const billed = new Set(products.map(({ product_ref }) => product_ref))
  return all.filter(({ productRef }) => billed.has(productRef))
}
