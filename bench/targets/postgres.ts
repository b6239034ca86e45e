import { type ChildProcess, execFileSync, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chown, mkdir, readdir } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Target } from './target.ts'

const DEBIAN = '/usr/lib/postgresql'
const KEY = 'key_of_the_baseline'
const START_TRIES = 100

/** Who runs the server: PostgreSQL refuses root. */
type User = { uid?: number; gid?: number }

/** The newest PostgreSQL that Debian's packages have installed; undefined where there is none. */
export async function findPostgres(): Promise<string | undefined> {
  const versions = await readdir(DEBIAN).catch(() => [])
  const newest = versions.sort((a, b) => Number(b) - Number(a))[0]
  return newest && join(DEBIAN, newest, 'bin')
}

/** A fresh cluster with its default settings, each commit flushed to the disk, behind the baseline's server. */
export async function startPostgres(bin: string, directory: string): Promise<Target> {
  const user = await ownDirectory(directory)
  const data = join(directory, 'data')
  const settings = ['--auth=trust', '--username=bench', '--encoding=UTF8', '--locale=C']
  execFileSync(join(bin, 'initdb'), ['-D', data, ...settings], { ...user, cwd: directory, stdio: 'ignore' })
  const flags = ['-D', data, '-c', 'listen_addresses=', '-k', directory, '-c', 'shared_buffers=1GB']
  const cluster = spawn(join(bin, 'postgres'), flags, { ...user, cwd: directory, stdio: 'ignore' })
  const killAtExit = () => cluster.kill('SIGQUIT')
  process.prependOnceListener('exit', killAtExit)
  const stopCluster = async () => {
    await end(cluster, 'SIGINT')
    process.off('exit', killAtExit)
  }
  try {
    await untilReady(join(bin, 'pg_isready'), directory)
    const server = fork(join(import.meta.dirname, 'postgres-server.ts'), [directory, KEY])
    const [{ port }] = (await once(server, 'message')) as [AddressInfo]
    const close = async () => {
      await end(server, 'SIGTERM')
      await stopCluster()
    }
    const pids = [cluster.pid!, server.pid!]
    return { name: 'postgres', port, key: KEY, adminKey: KEY, pids, stores: true, close }
  } catch (error) {
    await stopCluster()
    throw error
  }
}

async function ownDirectory(directory: string): Promise<User> {
  await mkdir(directory, { mode: 0o700 })
  if (process.getuid?.() !== 0) return {}
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  const user = { uid: id('-u'), gid: id('-g') }
  await chown(directory, user.uid, user.gid)
  return user
}

async function untilReady(probe: string, directory: string): Promise<void> {
  for (let tries = 0; tries < START_TRIES; tries++) {
    const [code] = await once(spawn(probe, ['-q', '-h', directory], { stdio: 'ignore' }), 'exit')
    if (code === 0) return
    await wait(100)
  }
  throw new Error('PostgreSQL did not start.')
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
}
