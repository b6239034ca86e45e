/** What a form-encoded body or query holds: Stripe nests it with brackets, `line_items[0][price_data][currency]`. */
type FormValue = string | FormValue[] | { [key: string]: FormValue }
export type Form = { [key: string]: FormValue }

type Node = Map<string, Node | string>

/** Reads a form with nested keys. `a[0]`, `a[1]` and `a[]` make a list. */
export function parseForm(text: string): Form {
  const root: Node = new Map()
  for (const [key, value] of new URLSearchParams(text)) place(root, pathOf(key), value)
  return fieldsOf(root)
}

/** A form as it was sent. */
export const formText = async (request: { arrayBuffer(): Promise<ArrayBuffer> }): Promise<string> =>
  new TextDecoder().decode(await request.arrayBuffer())

const pathOf = (key: string): string[] => {
  const head = /^[^[]*/.exec(key)?.[0] ?? ''
  return [head, ...Array.from(key.slice(head.length).matchAll(/\[([^\]]*)\]/g), ([, part = '']) => part)]
}

function place(node: Node, [head = '', ...rest]: string[], value: string): void {
  const key = head === '' ? String(node.size) : head
  if (rest.length === 0) {
    node.set(key, value)
    return
  }
  const known = node.get(key)
  const child: Node = known instanceof Map ? known : new Map()
  node.set(key, child)
  place(child, rest, value)
}

const fieldsOf = (node: Node): Form =>
  Object.fromEntries([...node].map(([key, child]) => [key, unfold(child)]))

function unfold(child: Node | string): FormValue {
  if (typeof child === 'string') return child
  const isList = child.size > 0 && [...child.keys()].every((key, index) => key === String(index))
  return isList ? [...child.values()].map(unfold) : fieldsOf(child)
}
