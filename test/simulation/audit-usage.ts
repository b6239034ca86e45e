import { differs } from './books.ts'
import type { UsageFact } from './facts.ts'

/** An event as the list of a customer's usage shows it. */
export type ListedEvent = {
  usage_product_ref: string
  timestamp: string
  quantity: string
  additional_report_data: { user: string }
}

/** The list holds every event that counts, once, as it is by now, the latest timestamp first. */
export function auditUsageList(
  customerRef: string,
  listed: readonly ListedEvent[],
  usage: readonly UsageFact[],
): string[] {
  const own = usage.filter((fact) => fact.customerRef === customerRef && !fact.isVoided)
  const instants = listed.map(({ timestamp }) => Date.parse(timestamp))
  return [
    ...differs(
      `usage of ${customerRef}`,
      listed
        .map((event) =>
          textOf(
            event.usage_product_ref,
            Date.parse(event.timestamp),
            event.quantity,
            event.additional_report_data.user,
          ),
        )
        .sort()
        .join('\n'),
      own
        .map(({ productRef, at, quantity, user }) => textOf(productRef, at, quantity, user))
        .sort()
        .join('\n'),
    ),
    ...differs(
      `order of the usage of ${customerRef}`,
      instants.join(),
      instants.toSorted((a, b) => b - a).join(),
    ),
  ]
}

const textOf = (productRef: string, at: number, quantity: string, user: string): string =>
  `${productRef} ${at} ${quantity} ${user}`
