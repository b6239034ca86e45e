import { sql } from 'drizzle-orm'
import { legalEntities } from '../../customers/customers.schema.ts'

/** An entity's functional currency: its own, where none is set. */
export const functionalCurrency = sql<string>`COALESCE(${legalEntities.functionalCurrency}, ${legalEntities.currency})`
