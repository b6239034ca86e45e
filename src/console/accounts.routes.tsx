import { allows } from '../access/principal.ts'
import { csrfGuard, requireOperator } from '../access/session.http.ts'
import { createRouter } from '../http/router.http.ts'
import { chartOfEntity } from '../ledger/accounts.store.ts'
import { nameAccounts } from '../ledger/name-accounts.job.ts'
import { withQuery } from '../web/table.tsx'
import { AccountsPage } from './accounts.page.tsx'
import { accountsForm } from './close-forms.http.ts'
import { NoEntityPage } from './entity-choice.tsx'
import { sellers } from './lookups.store.ts'

/** The numbers and names that an entity's accounting system has for the accounts. */
export const accountPages = createRouter()

accountPages.get('/accounts', async (c) => {
  const { db, principal } = c.var
  const entities = await sellers(db)
  const entityRef = c.req.query('entity_ref') || entities[0]?.ref
  if (entityRef === undefined) return c.html(<NoEntityPage operator={principal.label} room="Accounts" />)
  const chart = await chartOfEntity(db, entityRef)
  const mayRename = allows(principal, 'finance')
  const shown = { operator: principal.label, entities, entityRef, chart, mayRename }
  return c.html(<AccountsPage {...shown} />)
})

accountPages.post('/accounts', csrfGuard, requireOperator('finance'), async (c) => {
  const { entityRef, accounts } = accountsForm(await c.req.parseBody())
  await nameAccounts(c.var.db, c.var, entityRef, accounts)
  return c.redirect(withQuery('/console/accounts', { entity_ref: entityRef }), 303)
})
