import type { FC } from 'hono/jsx'
import { currencyDigits } from '../kernel/currency.ts'
import { formatMoney, type Minor } from '../kernel/money.ts'

/** `1,050.00 USD`: the code tells dollars apart, which their sign does not. */
export const Money: FC<{ amount: Minor; currency: string }> = ({ amount, currency }) => (
  <data class="money" value={formatMoney(amount, currency)}>
    {figures(amount, currency)} <span class="code">{currency}</span>
  </data>
)

/** For the debit and credit columns of books, whose caption names the currency: nothing stands for zero. */
export const Figures: FC<{ amount: Minor; currency: string }> = ({ amount, currency }) => (
  <data class="money" value={formatMoney(amount, currency)}>
    {amount === 0n ? '' : figures(amount, currency)}
  </data>
)

/** The figures alone where a heading names the currency, zero included. */
export const Amount: FC<{ amount: Minor; currency: string }> = ({ amount, currency }) => (
  <data class="money" value={formatMoney(amount, currency)}>
    {figures(amount, currency)}
  </data>
)

function figures(amount: Minor, currency: string): string {
  const digits = currencyDigits(currency)
  const format = new Intl.NumberFormat('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
  return withMinusSign(format.format(formatMoney(amount, currency) as `${number}`))
}

/** Intl writes a hyphen; a minus sign has the width of a digit. */
export const withMinusSign = (text: string): string => text.replace('-', '−')
