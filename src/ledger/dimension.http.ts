import { z } from '@hono/zod-openapi'
import { nameField } from '../http/fields.http.ts'
import { DIMENSION_SOURCES } from './dimension.ts'

const RULES_MAX = 10
const VALUES_MAX = 1000

/** Names are those of the accounting system, which stand as columns of files. */
const dimensionName = z
  .string()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} _./&-]{0,63}$/u, 'must be up to 64 letters, digits, spaces or _ . / & -')

const key = z.string().min(1).max(128)

const rule = z
  .strictObject({
    from: z.enum(DIMENSION_SOURCES),
    field: key.optional().openapi({ description: 'With `customer_field`: the key of the custom field' }),
    values: z
      .record(key, nameField)
      .refine((values) => Object.keys(values).length <= VALUES_MAX, `must be at most ${VALUES_MAX} values`)
      .optional()
      .openapi({
        description: 'What the accounting system calls each value',
        example: { 'api-calls': 'Usage' },
      }),
    otherwise: nameField.optional().openapi({
      description: 'The value where nothing is found, and where `values` does not have what is',
    }),
  })
  .refine(({ from, field }) => (from === 'customer_field') === (field !== undefined), {
    error: 'goes with "from": "customer_field", and only with it',
    path: ['field'],
  })

/** By name, either one text for all postings of the account, or where each posting finds its value. */
export const dimensionsField = z
  .record(dimensionName, z.union([nameField, rule]))
  .refine(
    (dimensions) => Object.keys(dimensions).length <= RULES_MAX,
    `must be at most ${RULES_MAX} dimensions`,
  )
  .openapi({
    description:
      'Class, department, tracking category … of the accounting system: a text, or where it is taken from',
    example: { Class: 'Services', Region: { from: 'customer_field', field: 'region', otherwise: 'Other' } },
  })
