import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AccrueApi } from '../../sandbox/accrue-api.ts'
import { entity } from '../../sandbox/demo/company.ts'
import type { Stack } from '../../sandbox/stack.ts'
import { launchBrowser } from './support/browser.ts'
import { startSandbox } from './support/sandbox.ts'
import { injectWallet } from './support/wallet.ts'

let stack: Stack
let api: AccrueApi
let browser: Browser

beforeAll(async () => {
  ;({ stack, api } = await startSandbox('.build/e2e/pay'))
  browser = await launchBrowser()
  const seller = entity(stack.tokenAddress)
  await api('POST', '/api/entities', seller)
  await api('POST', '/api/products', { product_ref: 'setup', name: 'Setup', kind: 'one_time' })
  for (const customer of ['card', 'wallet']) {
    await api('POST', '/api/customers', {
      customer_ref: customer,
      name: customer,
      email: `${customer}@buyer.example`,
    })
    await api('POST', '/api/contracts', {
      contract_ref: customer,
      customer_ref: customer,
      entity_ref: seller.entity_ref,
      currency: 'USD',
      start_date: new Date(Date.now() - 86_400_000).toISOString().slice(0, 10),
      billing_cycle: { unit: 'MONTHLY', cycle: 1 },
      products: [{ product_ref: 'setup', model: { type: 'flat', amount: '120.50', term: 'in_advance' } }],
    })
  }
  await api('POST', '/api/sandbox/clock', { advance_to: new Date(Date.now() + 2_000).toISOString() })
})

afterAll(async () => {
  await browser?.close()
  await stack?.close()
})

async function openInvoice(customer: string): Promise<{ page: Page; number: string }> {
  const { data } = await api('GET', `/api/invoices?customer_ref=${customer}`)
  expect(data).toHaveLength(1)
  const page = await browser.newPage()
  if (customer === 'wallet') await injectWallet(page, stack.rpcUrl)
  await page.goto(data[0].hosted_url)
  expect(await page.textContent('h1')).toContain('Lumen Cloud')
  expect(await page.textContent('main')).toContain('$120.50')
  return { page, number: data[0].document_number }
}

async function expectPaid(page: Page, number: string, rail: string): Promise<void> {
  await page.getByText('Thank you. Nothing is left to pay.').waitFor({ timeout: 60_000 })
  const invoice = await api('GET', `/api/invoices/${number}`)
  expect(invoice).toMatchObject({ state: 'PAID', amount_due: '0.00' })
  const { data: payments } = await api('GET', `/api/payments?customer_ref=${invoice.customer_ref}`)
  expect(payments).toMatchObject([{ rail, amount: '120.50', currency: 'USD' }])
  expect((await api('GET', '/api/ledger/trial-balance')).balanced).toBe(true)
}

describe('a customer who opens the hosted invoice', () => {
  it('pays by card, after a first card was declined', async () => {
    const { page, number } = await openInvoice('card')
    await page.getByRole('button', { name: 'Pay $120.50 by card' }).click()

    await page.getByLabel('Card number').fill('4000 0000 0000 0002')
    await page.getByRole('button', { name: 'Pay' }).click()
    expect(await page.getByRole('alert').textContent()).toMatch(/declined/i)
    expect((await api('GET', `/api/invoices/${number}`)).state).toBe('ISSUED')

    await page.getByLabel('Card number').fill('4242 4242 4242 4242')
    await page.getByRole('button', { name: 'Pay' }).click()
    await expectPaid(page, number, 'card')
  })

  it('pays from a wallet; the page follows the transfer until it is final', async () => {
    const { page, number } = await openInvoice('wallet')
    await page.getByText('Crypto', { exact: true }).click()
    await page.getByRole('button', { name: 'Pay with Test Wallet' }).click()
    await expectPaid(page, number, 'crypto')
    const { data: transfers } = await api('GET', '/api/crypto/transfers')
    expect(transfers).toMatchObject([{ state: 'final', amount: '120.5' }])
  })

  it('finds no fault of the page in the console of the browser, and nothing without the right link', async () => {
    const { data } = await api('GET', '/api/invoices?customer_ref=card')
    const page = await browser.newPage()
    const faults: string[] = []
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()))
    page.on('pageerror', (error) => faults.push(error.message))
    await page.goto(data[0].hosted_url)
    expect(faults).toEqual([])
    const forged = await page.goto(
      data[0].hosted_url.replace(/.$/, (last: string) => (last === '0' ? '1' : '0')),
    )
    expect(forged?.status()).toBe(404)
  })
})
