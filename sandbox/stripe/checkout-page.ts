import { html } from 'hono/html'
import type Stripe from 'stripe'

type Markup = ReturnType<typeof html>

/** The hosted page of an open session; `refusal` is what the bank said to the try before. */
export const payPage = (session: Stripe.Checkout.Session, refusal?: string): Markup =>
  layout(
    'Pay by card',
    html`<p class="item">${session.line_items?.data.map(({ description }) => description).join(', ')}</p>
      <p class="amount">${displayed(session.amount_total ?? 0, session.currency ?? 'usd')}</p>
      ${refusal ? html`<p role="alert">${refusal}</p>` : ''}
      <form method="post">
        <label>Card number <input name="number" inputmode="numeric" autocomplete="off" required /></label>
        <label>Expiry <input name="expiry" value="12 / 34" required /></label>
        <label>CVC <input name="cvc" value="123" required /></label>
        <label>Name on card <input name="name" autocomplete="off" /></label>
        <button>Pay</button>
      </form>
      ${session.cancel_url ? html`<p><a href="${session.cancel_url}">Back</a></p>` : ''}
      ${TEST_CARDS}`,
  )

/** What the bank of a card that must be confirmed shows. */
export const authenticationPage = (): Markup =>
  layout(
    'Confirm this payment',
    html`<p>The bank of this test card asks its holder to confirm the payment.</p>
      <form method="post">
        <button name="outcome" value="complete">Complete authentication</button>
        <button name="outcome" value="fail">Fail</button>
      </form>`,
  )

export const closedPage = (title: string, sentence: string): Markup => layout(title, html`<p>${sentence}</p>`)

const TEST_CARDS = html`<details>
  <summary>Test cards</summary>
  <dl>
    <dt>4242 4242 4242 4242</dt>
    <dd>succeeds</dd>
    <dt>4000 0000 0000 0002</dt>
    <dd>declined</dd>
    <dt>4000 0000 0000 9995</dt>
    <dd>declined: insufficient funds</dd>
    <dt>4000 0027 6000 3184</dt>
    <dd>asks to be confirmed each time</dd>
    <dt>4000 0025 0000 3155</dt>
    <dd>asks to be confirmed until it has been saved</dd>
  </dl>
</details>`

const layout = (title: string, body: Markup): Markup =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} (Stripe stand-in)</title>
        <style>
          body { font: 16px/1.5 system-ui, sans-serif; max-width: 26rem; margin: 3rem auto; padding: 0 1rem; }
          .amount { font-size: 2rem; margin: 0; }
          label { display: block; margin: 0.75rem 0; }
          input, button { font: inherit; display: block; width: 100%; padding: 0.5rem; box-sizing: border-box; }
          button { margin-top: 0.75rem; }
          [role='alert'] { color: #a40000; }
          dd { margin: 0 0 0.25rem 1rem; }
        </style>
      </head>
      <body>
        <p><strong>Test mode.</strong> No money moves: this page stands in for Stripe.</p>
        <h1>${title}</h1>
        ${body}
      </body>
    </html>`

/** In Stripe's own units, whose digits are those of the ISO minor unit for all but a few currencies. */
function displayed(amount: number, currency: string): string {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency })
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2))
}
