/** A server under load. All of them take the same calls and answer in the same form. */
export type Target = {
  name: TargetName
  port: number
  /** Bearer key of its calls. */
  key: string
  /** A key for the set-up of a load. */
  adminKey: string
  /** The processes whose CPU time counts, with all that they start. */
  pids: number[]
  /** Whether it keeps what it accepts, so that it can be counted. */
  stores: boolean
  /** Where a Worker started for a profile is looked into, and the code that it runs. */
  inspector?: { url: string; bundle: string }
  close(): Promise<void>
}

export type TargetName = 'accrue' | 'ceiling' | 'postgres'
