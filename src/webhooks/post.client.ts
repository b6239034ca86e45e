import { errorText } from '../kernel/error-text.ts'

/** A receiver that has not answered by then counts as one that does not. */
const TIMEOUT_MS = 10_000
/** What of an answer is kept, for whoever looks for the reason of a failure. */
const ANSWER_BYTES = 500

/** `status` is null when no answer came; `answer` is then why. */
export type Answer = { status: number | null; answer: string; latencyMs: number }

/**
 * Sends a message and waits for the answer. A redirect is an answer and is not followed: the address was judged, and where
 * it leads was not. Of the body only the beginning is read. Never throws.
 */
export async function post(
  url: string,
  { headers, body }: { headers: Record<string, string>; body: string },
  timeoutMs = TIMEOUT_MS,
): Promise<Answer> {
  const begun = Date.now()
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/json', 'user-agent': 'Accrue-Webhooks/1', ...headers },
      body,
      signal,
    })
    // The answer is its status: a body that breaks off takes nothing from it.
    const answer = await beginningOf(response).catch(() => '')
    return { status: response.status, answer, latencyMs: Date.now() - begun }
  } catch (error) {
    const why = signal.aborted ? `No answer within ${timeoutMs / 1000} seconds` : errorText(error).message
    return { status: null, answer: why.slice(0, ANSWER_BYTES), latencyMs: Date.now() - begun }
  }
}

/** The first bytes of the body as text. The rest is never fetched, however long it is. */
async function beginningOf(response: Response): Promise<string> {
  const reader = response.body?.getReader()
  if (!reader) return ''
  const decoder = new TextDecoder()
  let text = ''
  while (text.length < ANSWER_BYTES) {
    const { done, value } = await reader.read()
    if (done) break
    text += decoder.decode(value, { stream: true })
  }
  await reader.cancel()
  return text.slice(0, ANSWER_BYTES)
}
