import { z } from '@hono/zod-openapi'
import type { Context, TypedResponse } from 'hono'
import Papa from 'papaparse'

/**
 * What a spreadsheet would run as a formula. A negative amount also begins with a minus sign, but is a number and must
 * stay one.
 */
const FORMULA = /^(?:[=+@\t\r]|-(?!\d+(?:\.\d+)?$))/

/** The content of an answer that may be asked for as JSON or as CSV. */
export const jsonOrCsv = <T extends z.ZodType>(schema: T) => ({
  'application/json': { schema },
  'text/csv': { schema: z.string() },
})

/** True when the caller would rather have CSV than JSON. */
export const wantsCsv = (c: Context): boolean => /\btext\/csv\b/.test(c.req.header('accept') ?? '')

/** Lines of a CSV file, each ended; text that a spreadsheet would run is made harmless. */
export const csvText = (rows: readonly (readonly string[])[]): string =>
  `${Papa.unparse(rows as string[][], { escapeFormulae: FORMULA })}\r\n`

/**
 * Rows as a CSV file under a header line; text that a spreadsheet would run is made harmless. The cursor of a list's
 * next part travels in `x-next-cursor`.
 */
export function answerCsv<Column extends string>(
  c: Context,
  columns: readonly Column[],
  rows: readonly Readonly<Record<Column, string | null | undefined>>[],
  nextCursor: string | null = null,
): Response & TypedResponse<string, 200, 'text'> {
  const body = csvText([columns, ...rows.map((row) => columns.map((column) => row[column] ?? ''))])
  return c.text(body, 200, {
    'content-type': 'text/csv; charset=utf-8',
    ...(nextCursor && { 'x-next-cursor': nextCursor }),
  })
}
