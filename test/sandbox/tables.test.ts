import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { requireSameTables } from '../../sandbox/tables.ts'

let migrations: string
let data: string

beforeEach(async () => {
  migrations = await mkdtemp(join(tmpdir(), 'migrations-'))
  data = await mkdtemp(join(tmpdir(), 'data-'))
  await writeFile(join(migrations, '0000_init.sql'), 'CREATE TABLE a (id TEXT)')
})
afterEach(async () => {
  await rm(migrations, { recursive: true })
  await rm(data, { recursive: true })
})

it('takes data that the same migrations made, and further migrations', async () => {
  await requireSameTables(migrations, data)
  await requireSameTables(migrations, data)
  await writeFile(join(migrations, '0002_more.sql'), 'CREATE TABLE b (id TEXT)')
  await expect(requireSameTables(migrations, data)).resolves.toBeUndefined()
})

it('refuses data of other tables', async () => {
  await requireSameTables(migrations, data)
  await writeFile(join(migrations, '0000_init.sql'), 'CREATE TABLE a (id TEXT, name TEXT)')
  await expect(requireSameTables(migrations, data)).rejects.toThrow('npm start -- --fresh')
})
