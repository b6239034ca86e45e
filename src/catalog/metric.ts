/** How the usage events of a product become one quantity of a billing period. */
export type Metric = { type: 'sum' | 'count' }

export const SUM_OF_QUANTITY: Metric = { type: 'sum' }
