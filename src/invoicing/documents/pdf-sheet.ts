import type { EmbeddedFont, PDF, PDFPage } from '@libpdf/core'

/** TrueType files; only the characters used end up in the document. */
export type PdfFonts = { regular: Uint8Array; bold: Uint8Array }

export type TextStyle = { size: number; bold?: boolean; tone?: 'ink' | 'muted' | 'link' }

/** A4 in points. */
const PAGE = { width: 595.28, height: 841.89 }
export const MARGIN = 50
export const RIGHT = PAGE.width - MARGIN
const BOTTOM = 70
const LINE_HEIGHT = 1.4

type Library = typeof import('@libpdf/core')

/**
 * Pages that are written from the top down. `y` is where the next line's top is; whoever writes first makes room, and
 * gets a new page where the old one is full. Loading the library is left to the caller, which does it only when asked.
 */
export class Sheet {
  y = 0
  readonly #library: Library
  readonly #pdf: PDF
  readonly #fonts: { regular: EmbeddedFont; bold: EmbeddedFont }
  readonly #pages: PDFPage[] = []

  constructor(library: Library, fonts: PdfFonts) {
    this.#library = library
    this.#pdf = library.PDF.create()
    this.#fonts = { regular: this.#pdf.embedFont(fonts.regular), bold: this.#pdf.embedFont(fonts.bold) }
    this.#newPage()
  }

  /** True if a new page was begun, so that the caller can repeat its headings. */
  makeRoom(height: number): boolean {
    if (this.y - height >= BOTTOM) return false
    this.#newPage()
    return true
  }

  /** Writes one line from `x` to the right, drawn smaller where it is wider than `width`. */
  write(text: string, x: number, width: number, style: TextStyle, align: 'left' | 'right' = 'left'): void {
    const natural = this.#widthOf(text, style)
    const size = natural > width ? (style.size * width) / natural : style.size
    const left = align === 'left' ? x : x + width - Math.min(natural, width)
    this.#draw(this.#page, text, left, this.y - style.size, { ...style, size })
  }

  /** Writes text over as many lines as it needs, and moves down below them. */
  paragraph(text: string, x: number, width: number, style: TextStyle): void {
    for (const line of this.wrap(text, width, style)) {
      this.write(line, x, width, style)
      this.y -= style.size * LINE_HEIGHT
    }
  }

  /** Breaks at blanks, and inside of a word only where it is wider than the line. */
  wrap(text: string, width: number, style: TextStyle): string[] {
    const lines: string[] = []
    let line = ''
    for (const word of text.split(' ').flatMap((word) => this.#pieces(word, width, style))) {
      const longer = line === '' ? word : `${line} ${word}`
      if (line !== '' && this.#widthOf(longer, style) > width) {
        lines.push(line)
        line = word
      } else line = longer
    }
    return [...lines, line]
  }

  heightOf(text: string, width: number, style: TextStyle): number {
    return this.wrap(text, width, style).length * style.size * LINE_HEIGHT
  }

  rule(weight = 0.5): void {
    const { rgb } = this.#library
    this.#page.drawLine({
      start: { x: MARGIN, y: this.y },
      end: { x: RIGHT, y: this.y },
      thickness: weight,
      color: rgb(0.8, 0.82, 0.85),
    })
  }

  /** Writes one line that opens an address. */
  link(text: string, uri: string, x: number, size: number): void {
    const style: TextStyle = { size, tone: 'link' }
    const height = size * LINE_HEIGHT
    const rect = { x, y: this.y - height, width: this.#widthOf(text, style), height }
    this.write(text, x, RIGHT - x, style)
    this.#page.addLinkAnnotation({ rect, uri, borderWidth: 0 })
  }

  /** Writes the footer of every page, and gives the file. */
  async finish(title: string, author: string, footer: string): Promise<Uint8Array> {
    const style: TextStyle = { size: 8, tone: 'muted' }
    for (const [place, page] of this.#pages.entries()) {
      const number = `Page ${place + 1} of ${this.#pages.length}`
      this.#draw(page, footer, MARGIN, 40, style)
      this.#draw(page, number, RIGHT - this.#widthOf(number, style), 40, style)
    }
    this.#pdf.setTitle(title)
    this.#pdf.setAuthor(author)
    return this.#pdf.save({ subsetFonts: true })
  }

  get #page(): PDFPage {
    return this.#pages.at(-1)!
  }

  #newPage(): void {
    this.#pages.push(this.#pdf.addPage({ size: 'a4' }))
    this.y = PAGE.height - MARGIN
  }

  #draw(page: PDFPage, text: string, x: number, y: number, { size, bold, tone = 'ink' }: TextStyle): void {
    const { rgb } = this.#library
    const color = { ink: rgb(0.07, 0.09, 0.15), muted: rgb(0.38, 0.41, 0.47), link: rgb(0.11, 0.31, 0.85) }[
      tone
    ]
    page.drawText(text, { x, y, size, color, font: this.#fonts[bold ? 'bold' : 'regular'] })
  }

  #widthOf = (text: string, { size, bold }: TextStyle): number =>
    this.#fonts[bold ? 'bold' : 'regular'].widthOfTextAtSize(text, size)

  #pieces(word: string, width: number, style: TextStyle): string[] {
    if (this.#widthOf(word, style) <= width) return [word]
    const pieces: string[] = ['']
    for (const character of word) {
      const longer = pieces.at(-1) + character
      if (this.#widthOf(longer, style) > width) pieces.push(character)
      else pieces[pieces.length - 1] = longer
    }
    return pieces
  }
}
