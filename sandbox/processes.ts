import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { createServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

/** Throws an Error that names the port and the option to choose another, if something listens on it. */
export async function requireFreePort(port: number, what: string, option: string): Promise<void> {
  const free = await new Promise<boolean>((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
  if (!free)
    throw new Error(
      `Port ${port} (${what}) is taken by another program. Choose another: npm start -- ${option} N`,
    )
}

/** Runs a program to its end; throws an Error with its last output if it fails. */
export async function run(command: string, args: string[], env: Record<string, string> = {}): Promise<void> {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const code = await new Promise((resolve, reject) => child.once('close', resolve).once('error', reject))
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${output.slice(-2_000)}`)
}

/** Starts a server in a process group of its own, its output going to a file. */
export function startServer(
  command: string,
  args: string[],
  logFile: string,
  env: Record<string, string>,
): ChildProcess {
  const log = createWriteStream(logFile, { flags: 'a' })
  const child = spawn(command, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  for (const stream of [child.stdout, child.stderr]) stream.pipe(log)
  return child
}

/** Ends a server and every process it started. */
export async function stopServer(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  signal(child.pid, 'SIGTERM')
  await Promise.race([ended, wait(5_000, undefined, { ref: false })])
  signal(child.pid, 'SIGKILL')
}

function signal(group: number, name: NodeJS.Signals): void {
  try {
    process.kill(-group, name)
  } catch {
    // The group has ended already.
  }
}

/** Waits until an address answers; throws when the server has ended or `seconds` have passed. */
export async function waitUntilUp(
  url: string,
  child: ChildProcess,
  logFile: string,
  seconds: number,
): Promise<void> {
  for (let tries = 0; tries < seconds * 10; tries++) {
    if (child.exitCode !== null) throw new Error(`The server ended before it was ready; see ${logFile}`)
    const up = await fetch(url).then(
      (answer) => answer.ok,
      () => false,
    )
    if (up) return
    await wait(100)
  }
  throw new Error(`${url} did not answer within ${seconds} seconds; see ${logFile}`)
}
