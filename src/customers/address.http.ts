import { z } from '@hono/zod-openapi'

/** One line of text, as on an envelope or a bank's form. */
export const lineField = z.string().trim().max(200)

export const addressSchema = z.object({
  line1: lineField.optional(),
  line2: lineField.optional(),
  city: lineField.optional(),
  state: lineField.optional(),
  zip_code: lineField.optional(),
  country: lineField.optional(),
})
