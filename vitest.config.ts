import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** The packages that the Worker is made of. */
const PACKAGES = [
  '@hono/cloudflare-access',
  '@hono/zod-openapi',
  '@libpdf/core',
  '@noble/curves/secp256k1',
  '@noble/hashes/hmac.js',
  '@noble/hashes/sha2.js',
  '@noble/hashes/utils.js',
  'drizzle-orm',
  'drizzle-orm/d1',
  'drizzle-orm/sqlite-core',
  'fast-xml-parser',
  'hono',
  'hono/body-limit',
  'hono/cookie',
  'hono/csrf',
  'hono/factory',
  'hono/html',
  'hono/http-exception',
  'hono/jsx',
  'hono/jsx/jsx-runtime',
  'hono/secure-headers',
  'ibantools',
  'papaparse',
  'standardwebhooks',
  'stripe',
  'temporal-polyfill/implementation',
  'uqr',
  'viem',
  'viem/accounts',
  'viem/utils',
]

/** Begun last, the longest file would keep one core idle; its size does not show that it is the longest. */
class SimulationFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const from = sorted.findIndex(({ moduleId }) => moduleId.endsWith('simulation.worker.test.ts'))
    // Files of a project stay together, since they share its Workers.
    const to = sorted.findIndex(({ project }) => project.name === 'worker')
    if (from > to) sorted.splice(to, 0, ...sorted.splice(from, 1))
    return sorted
  }
}

/** Tests without I/O run in Node; `*.worker.test.ts` and the scenarios in workerd; `e2e` drives the whole stack. */
export default defineConfig(async () => ({
  test: {
    // The tests mostly wait for workerd, which is a process of its own: no core has to be left free for it.
    maxWorkers: '100%',
    sequence: { sequencer: SimulationFirst },
    projects: [
      {
        test: {
          name: 'core',
          // They hold no state, so they can share their modules.
          isolate: false,
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: ['test/**/*.worker.test.{ts,tsx}', 'test/e2e/**'],
        },
      },
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: {
              bindings: {
                ENVIRONMENT: 'sandbox',
                PUBLIC_URL: 'http://accrue.test',
                MAIL_FROM: 'billing@accrue.test',
                LINK_SECRET: 'a-link-secret-for-tests',
                STRIPE_SECRET_KEY: 'sk_test_accrue',
                STRIPE_WEBHOOK_SECRET: 'whsec_test_accrue',
                // Tests that pay by card put the stand-in here; others must never reach the real Stripe.
                STRIPE_API_BASE: 'http://stripe.test',
                SIMULATION_SEEDS: process.env.SIMULATION_SEEDS ?? '',
                TEST_MIGRATIONS: await readD1Migrations('./migrations'),
              },
            },
          }),
        ],
        test: {
          name: 'worker',
          // Starting a Worker takes seconds: the files share as many as run side by side, and each empties it first.
          isolate: false,
          // What a Worker logs between two tests would be sent to a test that is over, and be waited for without end.
          disableConsoleIntercept: true,
          // Bundled once instead of read file by file by each Worker.
          deps: { optimizer: { ssr: { enabled: true, include: PACKAGES } } },
          include: ['test/**/*.worker.test.{ts,tsx}'],
          globalSetup: ['./test/support/assets.setup.ts', './test/support/chain.setup.ts'],
          setupFiles: ['./test/support/afresh.setup.ts'],
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
}))
