import { z } from '@hono/zod-openapi'
import { moneyOut } from '../http/fields.http.ts'
import { formatMoney, sum } from '../kernel/money.ts'
import { type Closing, gainOf } from '../ledger/fx/closing.store.ts'
import { shownRate } from '../ledger/fx/measure-plan.ts'
import { PRESENTED, type PresentedAccount } from '../ledger/fx/open-item.ts'
import type { CloseEntries } from './close-entries.job.ts'
import { entriesOf, type Presentation } from './presentation/present.job.ts'

const onAccounts = Object.fromEntries(PRESENTED.map((account) => [account, moneyOut])) as Record<
  PresentedAccount,
  typeof moneyOut
>

export const closeEntriesAnswer = z
  .object({
    presented: z
      .array(
        z.object({
          entity_ref: z.string(),
          currency: z.string(),
          contracts: z.int().openapi({ description: 'How many contracts have entries of this run' }),
          ...onAccounts,
        }),
      )
      .openapi({ description: 'What contract positions were shown on in this run, debit positive' }),
    remeasured: z.array(
      z.object({
        entity_ref: z.string(),
        currency: z.string(),
        functional_currency: z.string(),
        rate: z.string().openapi({ example: '1.0853', description: 'Closing rate, to 12 places' }),
        rate_date: z.string(),
        gain: moneyOut.openapi({ description: 'What this run has posted; a loss is negative' }),
      }),
    ),
  })
  .openapi('CloseEntries')

export const showCloseEntries = ({
  presented,
  remeasured,
}: CloseEntries): z.infer<typeof closeEntriesAnswer> => ({
  presented: [...Map.groupBy(presented, ({ of }) => `${of.entityRef} ${of.currency}`).values()].map(
    showPresented,
  ),
  remeasured: remeasured.flatMap(showRemeasured),
})

function showPresented(group: readonly Presentation[]) {
  const { entityRef, currency } = group[0]!.of
  const posted = group
    .flatMap(entriesOf)
    .filter(({ book, event }) => book === 'primary' && event === 'position_presented')
  const lines = posted.flatMap(({ postings }) => postings)
  const totalOf = (account: PresentedAccount): string =>
    formatMoney(sum(lines.filter((line) => line.account === account).map(({ amount }) => amount)), currency)
  const totals = Object.fromEntries(PRESENTED.map((account) => [account, totalOf(account)]))
  return {
    entity_ref: entityRef,
    currency,
    contracts: posted.length,
    ...(totals as Record<PresentedAccount, string>),
  }
}

function showRemeasured(closing: Closing) {
  const { books, rate } = closing
  if (!rate || books.book !== 'primary') return []
  return [
    {
      entity_ref: books.entityRef,
      currency: books.currency,
      functional_currency: books.functionalCurrency,
      rate: shownRate(rate),
      rate_date: rate.date,
      gain: formatMoney(gainOf(closing), books.functionalCurrency),
    },
  ]
}
