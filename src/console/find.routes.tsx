import { createRouter } from '../http/router.http.ts'
import { FindPage } from './find.page.tsx'
import { findByWords } from './find.store.ts'
import { onlyOne } from './find.ts'

/** What the field above the rooms looks for. */
export const findPage = createRouter()

/** Longer than any name or reference that is kept. */
const WORDS_MAX = 200

findPage.get('/find', async (c) => {
  const words = (c.req.query('q') ?? '')
    .replaceAll(/\p{Cc}/gu, '')
    .trim()
    .slice(0, WORDS_MAX)
  const found = words
    ? await findByWords(c.var.db, words)
    : { customers: [], contracts: [], invoices: [], payments: [] }
  const only = onlyOne(found)
  if (only) return c.redirect(only, 303)
  return c.html(<FindPage operator={c.var.principal.label} words={words} found={found} />)
})
