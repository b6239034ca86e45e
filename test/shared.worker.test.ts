/**
 * Suites that share one Worker: starting another takes seconds, and each of these less than one. All see one database, so
 * each uses names of its own. One of them alone: `vitest run test/shared.worker.test.ts -t "<its title>"`.
 */
import './access/access.worker.suite.ts'
import './access/audit.worker.suite.ts'
import './access/cloudflare-access.worker.suite.ts'
import './access/idempotency.worker.suite.ts'
import './access/sign-in.worker.suite.ts'
import './rating/preview.worker.suite.ts'
import './revenue/preview/preview.worker.suite.ts'
import './web/docs.worker.suite.ts'
import './app.worker.suite.ts'
import './customers/customers.worker.suite.ts'
import './catalog/catalog.worker.suite.ts'
import './payments/crypto/crypto.routes.worker.suite.ts'
