import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { cpus } from 'node:os'
import { join } from 'node:path'

/** What the figures were measured on. */
export function machine(postgres: string | undefined): string {
  const fromMiniflare = createRequire(createRequire(import.meta.url).resolve('miniflare'))
  const { version: workerd } = fromMiniflare('workerd/package.json') as { version: string }
  const database = postgres
    ? execFileSync(join(postgres, 'postgres'), ['--version'], { encoding: 'utf8' }).trim()
    : 'no PostgreSQL: install the Debian package "postgresql" to measure against it'
  const processors = `${cpus().length} × ${cpus()[0]?.model.trim()}`
  return [processors, `Node ${process.versions.node}`, `workerd ${workerd}`, database].join(' · ')
}
