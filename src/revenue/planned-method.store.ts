import { type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import type { RecognitionMethod } from '../catalog/product.ts'
import { revenueContracts } from './revenue.schema.ts'

/** What neither days nor months earn: the progress of a promise does. */
export const NOT_TIMED: readonly RecognitionMethod[] = ['usage', 'units', 'milestone', 'point_in_time']

/** How a contract's plan recognises a product, for queries over `revenue_contracts`; null before it is planned with it. */
export const plannedMethod = (productRef: SQLWrapper): SQL<RecognitionMethod | null> =>
  sql`(SELECT value ->> 'recognition' FROM json_each(${revenueContracts.products})
    WHERE value ->> 'ref' = ${productRef})`
