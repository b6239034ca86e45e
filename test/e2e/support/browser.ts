import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

const HOME = resolve('.build/browser')

const FONTS = `<?xml version="1.0"?>
<fontconfig><dir>${join(HOME, 'fonts')}</dir><cachedir>${join(HOME, 'font-cache')}</cachedir></fontconfig>
`

/** Starts the Chromium that comes with the npm packages: nothing needs to be installed on the machine. */
export async function launchBrowser(): Promise<Browser> {
  if (!existsSync(HOME)) await unpack()
  return chromium.launch({
    executablePath: join(HOME, 'chromium'),
    env: {
      ...process.env,
      LD_LIBRARY_PATH: join(HOME, 'al2023/lib'),
      FONTCONFIG_FILE: join(HOME, 'fonts.conf'),
      HOME: join(HOME, 'home'),
    },
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  })
}

/** Unpacks into a folder that gets its name only when it is complete, so that an interruption leaves no half browser. */
async function unpack(): Promise<void> {
  await mkdir('.build', { recursive: true })
  const folder = await mkdtemp(resolve('.build/unpacking-'))
  const before = { TMPDIR: process.env.TMPDIR, AWS_EXECUTION_ENV: process.env.AWS_EXECUTION_ENV }
  // The package unpacks into the temporary folder, and brings its shared libraries along only where it finds Lambda.
  Object.assign(process.env, { TMPDIR: folder, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x' })
  try {
    const { default: packed } = await import('@sparticuz/chromium')
    await packed.executablePath()
  } finally {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  }
  // Without a font Chromium draws no text at all.
  await writeFile(join(folder, 'fonts.conf'), FONTS)
  await rename(folder, HOME).catch(() => rm(folder, { recursive: true }))
}
