import { allows } from '../access/principal.ts'
import { csrfGuard, requireOperator } from '../access/session.http.ts'
import { createRouter } from '../http/router.http.ts'
import { chartOfEntity } from '../ledger/accounts.store.ts'
import { accountIn, labelOf } from '../ledger/chart-of-accounts.ts'
import { nameAccounts } from '../ledger/name-accounts.job.ts'
import { withQuery } from '../web/table.tsx'
import { AccountsPage } from './accounts.page.tsx'
import { accountsForm, parsed } from './close-forms.http.ts'
import { dimensionsForm, dimensionsQuery } from './dimension-form.http.ts'
import { DimensionsPage } from './dimensions.page.tsx'
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

accountPages.get('/accounts/dimensions', requireOperator('finance'), async (c) => {
  const { entity_ref: entityRef, account } = parsed(dimensionsQuery, c.req.query())
  const { dimensions } = accountIn(await chartOfEntity(c.var.db, entityRef), account)
  const operator = c.var.principal.label
  return c.html(
    <DimensionsPage operator={operator} entityRef={entityRef} account={account} dimensions={dimensions} />,
  )
})

accountPages.post('/accounts/dimensions', csrfGuard, requireOperator('finance'), async (c) => {
  const { entityRef, role, dimensions } = dimensionsForm(await c.req.parseBody())
  const label = labelOf(await chartOfEntity(c.var.db, entityRef), role)
  await nameAccounts(c.var.db, c.var, entityRef, [{ role, ...label, dimensions }])
  return c.redirect(withQuery('/console/accounts', { entity_ref: entityRef }), 303)
})
