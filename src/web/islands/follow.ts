const FIRST_WAIT_MS = 3_000
const LONGEST_WAIT_MS = 60_000
const GIVE_UP_AFTER_MS = 2 * 3_600_000

/**
 * Asks for the payment state while something is due, less and less often, and brings the page up to date when it has
 * changed. What is returned asks soon again, for the moment after a payment was sent.
 */
export function follow(onChange: () => void): () => void {
  const startedAt = Date.now()
  let wait = FIRST_WAIT_MS
  let timer: ReturnType<typeof setTimeout> | undefined

  const later = () => {
    clearTimeout(timer)
    if (page()?.dataset.statusUrl && Date.now() - startedAt < GIVE_UP_AFTER_MS) timer = setTimeout(ask, wait)
    wait = Math.min(wait * 1.5, LONGEST_WAIT_MS)
  }
  const ask = async () => {
    if (!document.hidden && (await hasChanged().catch(() => false))) {
      await bringUpToDate()
      onChange()
    }
    later()
  }
  const soon = () => {
    wait = FIRST_WAIT_MS
    later()
  }
  document.addEventListener('visibilitychange', () => !document.hidden && soon())
  later()
  return soon
}

const page = (): HTMLElement | null => document.querySelector('main')

async function hasChanged(): Promise<boolean> {
  const { statusUrl = '', version } = page()?.dataset ?? {}
  const answer = await fetch(statusUrl, { headers: { accept: 'application/json' } })
  if (!answer.ok) return false
  const status = (await answer.json()) as { version: string }
  return status.version !== version
}

/** Puts the new content of the page in the place of the old, and says what has happened. */
async function bringUpToDate(): Promise<void> {
  const answer = await fetch(location.href)
  if (!answer.ok) return
  const next = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('main')
  if (!next) return
  page()?.replaceWith(document.adoptNode(next))
  const live = document.querySelector('#live')
  if (live) live.textContent = next.dataset.announce ?? ''
}
