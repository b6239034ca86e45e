import type { Context } from 'hono'
import type { BankAccount } from '../customers/customer.ts'
import { findEntity, type LegalEntity } from '../customers/customers.store.ts'
import { type Env, isSandbox } from '../env.ts'
import { publicUrl } from '../http/public-url.http.ts'
import { limitCalls, limitGuesses } from '../http/rate-limit.http.ts'
import { type AppEnv, createRouter } from '../http/router.http.ts'
import { invoiceOfToken } from '../invoicing/documents/hosted-link.ts'
import { renderInvoicePdf } from '../invoicing/documents/pdf.ts'
import { readFonts } from '../invoicing/documents/pdf-fonts.client.ts'
import type { Invoice } from '../invoicing/invoice.ts'
import { localDate } from '../kernel/calendar.ts'
import { formatMoney, type Minor } from '../kernel/money.ts'
import { Problem } from '../kernel/problem.ts'
import { openCheckout } from '../payments/card/checkout.job.ts'
import { chainRpcUrls } from '../payments/crypto/chain.client.ts'
import { ensureDepositAddress } from '../payments/crypto/deposit.job.ts'
import { walletFor } from '../payments/crypto/deposit.ts'
import { paymentRequests } from '../payments/crypto/payment-request.ts'
import { epcQrText } from '../payments/wire/epc-qr.ts'
import { answerProblemPage } from '../web/problem.page.tsx'
import { readInvoiceFacts } from './hosted-invoice.store.ts'
import { accountsFor, type HostedInvoice, hostedInvoice } from './hosted-invoice.ts'
import { HostedInvoicePage } from './invoice.page.tsx'
import type { PayOptions } from './pay.tsx'
import { walletRequest } from './wallet-request.ts'

/** The customer's pages. Who holds the link of an invoice may see and pay it; there is no account to sign in to. */
export const portalRoutes = createRouter()

portalRoutes.onError(answerProblemPage)

portalRoutes.use('/i/*', limitCalls)
portalRoutes.use('/i/*', async (c, next) => {
  await next()
  c.header('cache-control', 'private, no-store')
  c.header('x-robots-tag', 'noindex, nofollow')
})

portalRoutes.get('/i/:token', async (c) => {
  const { hosted, entity, today, path } = await openInvoice(c)
  const options = await payOptions(c, hosted, entity)
  return c.html(<HostedInvoicePage hosted={hosted} options={options} today={today} path={path} />)
})

portalRoutes.get('/i/:token/status', async (c) => {
  const { hosted } = await openInvoice(c)
  const { standing, amountDue, version, invoice } = hosted
  return c.json({
    standing,
    amount_due: formatMoney(amountDue, invoice.currency),
    currency: invoice.currency,
    version,
  })
})

portalRoutes.get('/i/:token/pdf', async (c) => {
  const { hosted, path } = await openInvoice(c)
  const { invoice, settlement } = hosted
  const hostedUrl = hosted.toPay > 0n ? publicUrl(c) + path : null
  const pdf = await renderInvoicePdf(invoice, { settlement, hostedUrl, fonts: await readFonts(c.env) })
  return c.body(pdf as Uint8Array<ArrayBuffer>, 200, {
    'content-type': 'application/pdf',
    'content-disposition': `inline; filename="${invoice.number.replace(/[^\w.-]/g, '_')}.pdf"`,
  })
})

portalRoutes.post('/i/:token/card', limitGuesses('card'), async (c) => {
  const { hosted, path } = await openInvoice(c)
  const page = publicUrl(c) + path
  if (hosted.toPay === 0n || !takesCard(c.env, hosted)) return c.redirect(page, 303)
  const urls = { success: `${page}?card=sent`, cancel: page }
  const { url } = await openCheckout(c.env, c.var.db, hosted.invoice, hosted.toPay, urls, c.var.now)
  return c.redirect(url, 303)
})

/** The invoice that the link opens. A forged link and a link of another deployment look the same: nothing is there. */
async function openInvoice(c: Context<AppEnv>) {
  const token = c.req.param('token') ?? ''
  const invoiceId = c.env.LINK_SECRET && invoiceOfToken(c.env.LINK_SECRET, token)
  const facts = invoiceId ? await readInvoiceFacts(c.var.db, invoiceId) : undefined
  const entity = facts && (await findEntity(c.var.db, facts.invoice.entityRef))
  if (!facts || !entity) {
    throw new Problem(404, 'link_not_valid', 'This link opens no invoice. Ask whoever sent it for a new one.')
  }
  const today = localDate(c.var.now, entity.timezone)
  const hosted = hostedInvoice(facts, today, c.req.query('card') === 'sent')
  return { hosted, entity, today, path: `/i/${encodeURIComponent(token)}` }
}

const takesCard = (env: Env, { invoice }: HostedInvoice): boolean =>
  Boolean(env.STRIPE_SECRET_KEY) && invoice.paymentMethods.includes('card')

/** The methods that the invoice allows and the seller has set up. */
async function payOptions(
  c: Context<AppEnv>,
  hosted: HostedInvoice,
  entity: LegalEntity,
): Promise<PayOptions> {
  const { invoice, toPay } = hosted
  if (toPay === 0n) return { card: false, accounts: [], requests: [] }
  const accounts = invoice.paymentMethods.includes('wire') ? accountsFor(invoice) : []
  return {
    card: takesCard(c.env, hosted),
    accounts: accounts.map((account) => ({ account, epc: epcQrText(transferOf(invoice, account, toPay)) })),
    requests: await tokenRequests(c, hosted, entity),
  }
}

const transferOf = (invoice: Invoice, account: BankAccount, amount: Minor) => ({
  beneficiary: account.beneficiary,
  iban: account.iban,
  bic: account.bic,
  currency: invoice.currency,
  amount,
  reference: invoice.paymentReference,
})

async function tokenRequests(
  c: Context<AppEnv>,
  { invoice, toPay }: HostedInvoice,
  entity: LegalEntity,
): Promise<PayOptions['requests']> {
  const wallet = walletFor(entity.wallets, invoice.currency)
  const deposit = wallet && (await ensureDepositAddress(c.var.db, invoice, entity, c.var.now))
  if (!wallet || !deposit) return []
  const ownRpcs = isSandbox(c.env) ? Object.fromEntries(chainRpcUrls(c.env)) : {}
  return paymentRequests(deposit, wallet, toPay, invoice.currency).map((request) => ({
    request,
    wallet: walletRequest(request, ownRpcs),
  }))
}
