import { z } from '@hono/zod-openapi'
import { modifiersField } from '../../catalog/modifiers.http.ts'
import { priceModelSchema, refinePrice } from '../../catalog/price.http.ts'
import { BUCKETS } from '../../contracts/contract.ts'
import type { DatePeriod } from '../../contracts/periods/schedule.ts'
import { billingDateField } from '../../contracts/terms/billing-cycle.http.ts'
import { currencyField, dateField, moneyOut, refField, timezoneField } from '../../http/fields.http.ts'
import {
  addDays,
  addMonths,
  firstOfMonth,
  type Instant,
  isLocalDate,
  type LocalDate,
  localDate,
} from '../../kernel/calendar.ts'
import { formatMoney, type Minor, sum } from '../../kernel/money.ts'
import { NOT_COMPARED } from './reprice.ts'
import type { CustomerRepriced } from './reprice-customer.job.ts'

/** Customers of one call: the meter of each is asked. */
const CUSTOMERS_MAX = 100
const DAYS_MAX = 1_100

const isPeriod = (from: LocalDate, to: LocalDate): boolean => from < to && to <= addDays(from, DAYS_MAX)

export const repriceBody = z
  .strictObject({
    product_ref: refField,
    from: billingDateField
      .optional()
      .openapi({ description: 'By default the last calendar month, with `to`.' }),
    to: billingDateField.optional().openapi({ description: 'Exclusive.' }),
    timezone: timezoneField.optional().openapi({
      description: "Where days begin. By default the zone of each customer's contract, and UTC without one.",
    }),
    currency: currencyField,
    model: priceModelSchema,
    modifiers: modifiersField,
    bucket: z.enum(BUCKETS).optional().openapi({ description: 'Prices each hour or day alone.' }),
    customer_ref: refField.optional().openapi({ description: 'By default all customers, a page at a time.' }),
    limit: z.int().min(1).max(CUSTOMERS_MAX).default(20),
    cursor: z.string().max(200).optional(),
  })
  .refine(({ from, to }) => (from === undefined) === (to === undefined), {
    path: ['to'],
    message: 'send from and to, or none of them',
  })
  .refine(({ from = '', to = '' }) => ![from, to].every(isLocalDate) || isPeriod(from, to), {
    path: ['to'],
    message: `must be after from, by at most ${DAYS_MAX} days`,
  })
  .superRefine(refinePrice)
  .openapi('RepriceQuestion')

const totalOut = { current_amount: moneyOut, new_amount: moneyOut, difference: moneyOut }

export const repriceAnswer = z
  .object({
    product_ref: z.string(),
    from: dateField,
    to: dateField,
    currency: currencyField,
    data: z.array(
      z.object({
        customer_ref: z.string(),
        contract_ref: z.string().nullable(),
        quantity: z.string().openapi({ description: "What the product's metric makes of the events." }),
        groups: z
          .array(z.object({ group: z.record(z.string(), z.string().nullable()), quantity: z.string() }))
          .optional(),
        current_amount: moneyOut.nullable().openapi({ description: "By the contract's own price." }),
        new_amount: moneyOut,
        difference: moneyOut.nullable().openapi({ description: 'new_amount − current_amount' }),
        not_compared: z.enum(NOT_COMPARED).nullable(),
        commitment: z.object(totalOut).nullable().openapi({
          description:
            "True-up or overage of the contract's commitment by either price, where its window is over; `difference` is that of amounts and true-ups together.",
        }),
      }),
    ),
    totals: z.object({ customers: z.int(), new_amount: moneyOut, compared: z.object(totalOut) }).openapi({
      description: 'Of this page; `compared` of the customers alone that have a current amount.',
    }),
    next_cursor: z.string().nullable(),
  })
  .openapi('Repriced')

/** The period asked for; by default the calendar month before this one. */
export function readPeriod(
  { from, to, timezone = 'UTC' }: Pick<z.infer<typeof repriceBody>, 'from' | 'to' | 'timezone'>,
  now: Instant,
): DatePeriod {
  if (from !== undefined && to !== undefined) return { start: from, end: to }
  const end = firstOfMonth(localDate(now, timezone))
  return { start: addMonths(end, -1), end }
}

export function showRepriced(
  { product_ref, currency }: Pick<z.infer<typeof repriceBody>, 'product_ref' | 'currency'>,
  { start: from, end: to }: DatePeriod,
  { rows, nextCursor }: { rows: readonly CustomerRepriced[]; nextCursor: string | null },
): z.infer<typeof repriceAnswer> {
  const money = (minor: Minor) => formatMoney(minor, currency)
  const amounts = (current: Minor, next: Minor) => ({
    current_amount: money(current),
    new_amount: money(next),
    difference: money(next - current),
  })
  const ofCommitment = ({ current, next, commitment: both }: CustomerRepriced) =>
    both && {
      current_amount: money(both.current),
      new_amount: money(both.next),
      difference: money(next - (current ?? 0n) + both.next - both.current),
    }
  const compared = rows.flatMap(({ current, next }) => (current === null ? [] : [{ current, next }]))
  return {
    product_ref,
    from,
    to,
    currency,
    data: rows.map((row) => {
      const { customerRef, contractRef, usage, current, next, notCompared } = row
      return {
        customer_ref: customerRef,
        contract_ref: contractRef,
        quantity: usage.quantity,
        ...(usage.groups && { groups: usage.groups }),
        ...(current === null
          ? { current_amount: null, new_amount: money(next), difference: null }
          : amounts(current, next)),
        not_compared: notCompared,
        commitment: ofCommitment(row),
      }
    }),
    totals: {
      customers: rows.length,
      new_amount: money(sum(rows.map(({ next }) => next))),
      compared: amounts(sum(compared.map(({ current }) => current)), sum(compared.map(({ next }) => next))),
    },
    next_cursor: nextCursor,
  }
}
