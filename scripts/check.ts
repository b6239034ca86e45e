import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** Runs scripts of package.json side by side, so that every core has work; shows what those say that do not pass. */
const OUTPUT_MAX = 64 * 1024 * 1024

const scripts = process.argv.slice(2)
const outcomes = await Promise.allSettled(
  scripts.map((script) =>
    promisify(execFile)(process.execPath, ['--run', script], { maxBuffer: OUTPUT_MAX }),
  ),
)
for (const [place, outcome] of outcomes.entries()) {
  if (outcome.status === 'fulfilled') continue
  const { stdout, stderr } = outcome.reason
  console.error(`\n${scripts[place]} found faults:\n${stdout}${stderr}`)
  process.exitCode = 1
}
