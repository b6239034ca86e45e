import { z } from '@hono/zod-openapi'
import { CHECK_NAMES, type Recomputed } from './checks.job.ts'

export const recomputedQuery = z.object({
  cursor: z
    .string()
    .max(400)
    .optional()
    .openapi({ description: 'What the call before answered as next_cursor' }),
})

const item = z.object({
  kind: z.string().openapi({ description: 'The event of an entry, or what else it is' }),
  id: z.string(),
  content: z.record(z.string(), z.string()),
})

export const recomputedAnswer = z
  .object({
    facts: z.enum(CHECK_NAMES).openapi({ description: 'The facts of this page' }),
    checked: z.int().openapi({ description: 'How much follows from them' }),
    missing: z.array(item).openapi({ description: 'It follows from the facts, and is not in the books' }),
    surplus: z.array(item).openapi({ description: 'It is in the books, and follows from no fact' }),
    different: z.array(
      z.object({
        kind: z.string(),
        id: z.string(),
        fields: z.array(
          z.object({
            field: z.string(),
            recorded: z.string().nullable(),
            recomputed: z.string().nullable(),
          }),
        ),
      }),
    ),
    next_cursor: z.string().nullable(),
  })
  .openapi('RecomputedBooks')

export const showRecomputed = ({ nextCursor, ...page }: Recomputed): z.infer<typeof recomputedAnswer> => ({
  ...page,
  next_cursor: nextCursor,
})
