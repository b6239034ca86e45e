import { z } from 'zod'
import { invalidRequest, type StripeFault } from './fault.ts'
import type { Form } from './form.ts'

/** The parameters of a call. What it does not name is refused; every call takes `expand`. */
export const params = <Fields extends z.ZodRawShape>(fields: Fields) =>
  z.strictObject({ ...fields, expand: z.array(z.string()).optional() })

export const text = z.string().min(1).max(5000)
export const integer = z
  .string()
  .regex(/^-?\d{1,15}$/, 'integer')
  .transform(Number)
export const flag = z.enum(['true', 'false']).transform((value) => value === 'true')
/** An empty value takes a key away. */
export const metadata = z.union([z.literal(''), z.record(z.string().max(40), z.string().max(500))])
export const address = z.strictObject({
  city: z.string().optional(),
  country: z.string().optional(),
  line1: z.string().optional(),
  line2: z.string().optional(),
  postal_code: z.string().optional(),
  state: z.string().optional(),
})

/** Reads the parameters, or throws the error that Stripe answers for the first thing that is wrong. */
export function readParams<Schema extends z.ZodType>(schema: Schema, form: Form): z.output<Schema> {
  const read = schema.safeParse(form, { reportInput: true })
  if (read.success) return read.data
  throw faultOf(read.error.issues[0]!)
}

function faultOf(issue: z.core.$ZodIssue): StripeFault {
  const param = bracketed(issue.path)
  if (issue.code === 'unrecognized_keys') return unknownParameters(issue.path, issue.keys)
  if (issue.input === undefined) {
    return invalidRequest(`Missing required param: ${param}.`, { code: 'parameter_missing', param })
  }
  if (issue.input === '') {
    return invalidRequest(
      `You passed an empty string for '${param}'. We assume empty values are an attempt to unset a parameter; ` +
        `however '${param}' cannot be unset. You should remove '${param}' from your request or supply a ` +
        'non-empty value.',
      { code: 'parameter_invalid_empty', param },
    )
  }
  if (issue.message === 'integer') {
    return invalidRequest(`Invalid integer: ${String(issue.input)}`, {
      code: 'parameter_invalid_integer',
      param,
    })
  }
  if (issue.code === 'invalid_value') {
    return invalidRequest(`Invalid ${param}: must be one of ${issue.values.join(', ')}`, { param })
  }
  if (issue.code === 'invalid_type') return invalidRequest(`Invalid ${issue.expected}`, { param })
  return invalidRequest(`Invalid value for ${param}: ${issue.message}`, { param })
}

function unknownParameters(path: readonly PropertyKey[], keys: readonly string[]): StripeFault {
  const names = keys.map((key) => bracketed([...path, key]))
  return invalidRequest(`Received unknown parameter${names.length > 1 ? 's' : ''}: ${names.join(', ')}`, {
    code: 'parameter_unknown',
    param: names[0] ?? '',
  })
}

const bracketed = ([head, ...rest]: readonly PropertyKey[]): string =>
  [String(head), ...rest.map((part) => `[${String(part)}]`)].join('')
