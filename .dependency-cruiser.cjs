/**
 * The import rules of docs/architecture.md. Rooms stand in layers; a file's suffix says what it may touch.
 */
const LAYERS = [
  ['kernel'],
  ['storage'],
  ['catalog', 'customers', 'ledger'],
  ['contracts'],
  ['usage', 'rating', 'credits'],
  ['invoicing'],
  ['payments', 'onboarding'],
  ['revenue'],
  ['closing', 'reports'],
  ['webhooks'],
]

const room = (names) => `^src/(${names.join('|')})/`
const CORE = '^src/.+/[a-z0-9-]+[.]ts$'
const IMPURE = '\\.(schema|store|object|client|job|routes|http|page|mail)\\.tsx?$'

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment:
        'env.ts names the Durable Object classes as types, and they name Env; nothing else may close a circle.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { pathNot: '^src/env[.]ts$' } },
    },
    { name: 'no-orphans', severity: 'error', from: { orphan: true, pathNot: ['^src/index\\.ts$'] }, to: {} },
    ...LAYERS.slice(0, -1).map((names, place) => ({
      name: `${names.join('-and-')}-looks-down-only`,
      severity: 'error',
      from: { path: room(names) },
      to: { path: room(LAYERS.slice(place + 1).flat()) },
    })),
    {
      name: 'ledger-knows-the-kernel-alone',
      severity: 'error',
      from: { path: '^src/ledger/', pathNot: '\\.(schema|store|job|routes|http|page)\\.tsx?$' },
      to: { path: '^src/', pathNot: '^src/(ledger|kernel)/' },
    },
    {
      name: 'pages-stand-on-top',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(console|portal|app\\.ts|index\\.ts|worker\\.ts)' },
      to: { path: '^src/(console|portal)/' },
    },
    {
      name: 'core-is-pure',
      comment: 'A file without a suffix takes time, ids and rates as arguments and touches nothing outside.',
      severity: 'error',
      from: { path: CORE, pathNot: IMPURE },
      to: {
        path: [IMPURE, '^src/app\\.ts$', 'cloudflare:', 'node_modules/(drizzle-orm|hono|stripe|@hono)/'],
      },
    },
    {
      name: 'schema-is-only-tables',
      severity: 'error',
      from: { path: '\\.schema\\.ts$' },
      to: { path: '^src/', pathNot: ['[.]schema[.]ts$', CORE] },
    },
    {
      name: 'store-does-no-http',
      severity: 'error',
      from: { path: '\\.store\\.ts$' },
      to: { path: '(\\.(routes|http|page|job)\\.tsx?$|node_modules/(hono|@hono)/)' },
    },
    {
      name: 'object-does-no-http',
      comment:
        'A Durable Object is called by its methods; what they do lies in the jobs and stores of its room.',
      severity: 'error',
      from: { path: '\\.object\\.ts$' },
      to: { path: '(\\.(routes|http|page)\\.tsx?$|node_modules/(hono|@hono)/)' },
    },
    {
      name: 'routes-hold-no-sql',
      severity: 'error',
      from: { path: '\\.(routes|page)\\.tsx?$' },
      to: { path: 'node_modules/drizzle-orm/' },
    },
    {
      name: 'one-client-per-outside-service',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.client\\.ts$' },
      to: { path: 'node_modules/stripe/' },
    },
    {
      name: 'client-stands-alone',
      comment: 'Producers copy the folder as it is.',
      severity: 'error',
      from: { path: '^src/client/' },
      to: { pathNot: '^src/client/' },
    },
    {
      name: 'client-is-for-producers',
      comment: 'The Worker must not carry what only those who send to it need.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/client/' },
      to: { path: '^src/client/' },
    },
    {
      name: 'declared-packages-only',
      severity: 'error',
      from: { path: '^src/' },
      to: {
        dependencyTypes: ['unknown', 'npm-no-pkg', 'npm-unknown', 'npm-dev'],
        pathNot: ['^cloudflare:', 'workers-types'],
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^src/web/islands/' },
    parser: 'swc',
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'default'],
      extensions: ['.ts', '.tsx', '.js'],
    },
  },
}
