import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

type Hashes = Record<string, string>

/**
 * Remembers which migrations made the data of a directory. Throws an Error where one of them reads otherwise today, as
 * after a `git pull`: the database would lack what the program asks for.
 */
export async function requireSameTables(migrations: string, directory: string): Promise<void> {
  const record = join(directory, 'tables.json')
  const made = JSON.parse(await readFile(record, 'utf8').catch(() => '{}')) as Hashes
  const today = await hashesOf(migrations)
  if (Object.entries(made).some(([file, hash]) => today[file] !== hash))
    throw new Error(
      `The tables have changed since the data in ${directory} were made. Begin anew: npm start -- --fresh`,
    )
  await writeFile(record, JSON.stringify(today))
}

async function hashesOf(migrations: string): Promise<Hashes> {
  const files = (await readdir(migrations)).filter((name) => name.endsWith('.sql'))
  return Object.fromEntries(
    await Promise.all(
      files.map(async (name) => {
        const text = await readFile(join(migrations, name))
        return [name, createHash('sha256').update(text).digest('hex')] as const
      }),
    ),
  )
}
