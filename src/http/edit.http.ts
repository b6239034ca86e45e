import { z } from '@hono/zod-openapi'
import { invalidRequest } from './router.http.ts'

type Fields = Record<string, z.ZodType>

/**
 * The body of an edit: any of the fields that a record is made with. Null takes an optional one back to what it is where
 * none is sent.
 */
export const editOf = <T extends Fields>(fields: T) =>
  z.strictObject(
    Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, editable(field)])) as {
      [K in keyof T]: z.ZodOptional<z.ZodNullable<T[K]>>
    },
  )

/** A default would come back in place of a field that was left out, and so undo what is there. */
function editable(field: z.ZodType): z.ZodType {
  if (field instanceof z.ZodDefault) return (field.removeDefault() as z.ZodType).nullish()
  return field.isOptional() ? field.nullable() : field.optional()
}

/**
 * The body that would make the record as it is after the edit: what is shown of it now, and the sent fields over that.
 * Throws `invalid_request` with every fault.
 */
export function bodyAfter<T extends z.ZodType>(body: T, shown: object, edit: object): z.infer<T> {
  const fields = Object.entries({ ...shown, ...edit }).filter(([, value]) => value !== null)
  const read = body.safeParse(Object.fromEntries(fields))
  if (!read.success) throw invalidRequest(read.error)
  return read.data
}
