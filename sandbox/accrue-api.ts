import { ADMIN_KEY } from './stack.ts'

/** Calls Accrue's public API as the sandbox admin; throws with the problem's own words when it is refused. */
export function accrueApi(url: string) {
  return async (
    method: string,
    path: string,
    body?: unknown,
    contentType = 'application/json',
    // biome-ignore lint/suspicious/noExplicitAny: the demo reads a field or two of many different answers
  ): Promise<any> => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${ADMIN_KEY}`,
        ...(body === undefined ? {} : { 'content-type': contentType }),
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path} was refused: ${text}`)
    return JSON.parse(text)
  }
}

export type AccrueApi = ReturnType<typeof accrueApi>
