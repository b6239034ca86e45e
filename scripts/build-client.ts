import { execFile } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { build } from 'esbuild'

/** Makes the producer client that others install: one module without dependencies, and its types. */
const OUT = '.build/client'
const MODULES = ['usage-client', 'flush-on-exit']

const reexports = (directory: string, extension: string): string =>
  MODULES.map((name) => `export * from '${directory}/${name}${extension}'\n`).join('')

await rm(OUT, { recursive: true, force: true })
await build({
  stdin: { contents: reexports('./src/client', '.ts'), resolveDir: '.' },
  outfile: `${OUT}/accrue-client.js`,
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  logLevel: 'warning',
})
const declarations = ['--noEmit', 'false', '--declaration', '--emitDeclarationOnly']
await promisify(execFile)('tsc', ['-p', 'src/client', ...declarations, '--outDir', `${OUT}/types`])
await writeFile(`${OUT}/accrue-client.d.ts`, reexports('./types', '.js'))
