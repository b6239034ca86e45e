import type { Env } from '../../env.ts'
import type { PdfFonts } from './pdf-sheet.ts'

/** The fonts of the PDF lie among the static files: in the Worker's bundle they would slow every start. */
export async function readFonts({ ASSETS }: Env): Promise<PdfFonts> {
  const read = async (name: string) => {
    const answer = await ASSETS.fetch(`https://assets.local/fonts/${name}.ttf`)
    if (!answer.ok) throw new Error(`the font ${name} is not among the assets: run "npm run build"`)
    return new Uint8Array(await answer.arrayBuffer())
  }
  const [regular, bold] = await Promise.all([read('NotoSans-Regular'), read('NotoSans-Bold')])
  return { regular, bold }
}
