import { mkdir } from 'node:fs/promises'

/** Gathers what browsers load: the style sheet, page scripts, fonts and the API docs. */
const out = '.build/assets'

await mkdir(out, { recursive: true })
