import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { oneLine, unreadable } from './statement-value.ts'

/** An element: its text, or its children by name. Read it through the functions of this file only. */
export type XmlNode = unknown

const NESTING_MAX = 40

/**
 * Reads XML of unknown origin. Every value stays text, so that no amount passes through a float. A document type
 * declaration is refused: entities that expand without end, or fetch files, are declared there.
 *
 * @throws Problem 422 naming the line and column where the text stops being XML
 */
export function parseXml(text: string): XmlNode {
  if (/<!DOCTYPE/i.test(text))
    throw unreadable('the file', 'has a document type declaration (DOCTYPE), which is not taken')
  const valid = XMLValidator.validate(text)
  if (valid !== true) {
    const { line, col, msg } = valid.err
    throw unreadable(
      `line ${line}${col === undefined ? '' : `, column ${col}`}`,
      `is not well-formed XML: ${brief(msg)}`,
    )
  }
  try {
    return PARSER.parse(text)
  } catch (error) {
    throw unreadable('the file', `cannot be read as XML: ${brief(String(error))}`)
  }
}

/** The parser quotes the file in its messages, at any length. */
const brief = (message: string): string => oneLine([message]).slice(0, 160)

/** All children of that name, in order; none for an element without children. */
export function childrenOf(node: XmlNode, name: string): XmlNode[] {
  if (typeof node !== 'object' || node === null || !Object.hasOwn(node, name)) return []
  const child = (node as Record<string, unknown>)[name]
  return Array.isArray(child) ? child : [child]
}

/** The first element at the end of a path of names. */
export const childAt = (node: XmlNode, ...path: readonly string[]): XmlNode =>
  path.reduce((parent: XmlNode, name) => childrenOf(parent, name)[0], node)

/** The text of an element, or of the one at the end of a path; empty where there is none. */
export function textAt(node: XmlNode, ...path: readonly string[]): string {
  const found = childAt(node, ...path)
  const text = typeof found === 'object' ? childrenOf(found, '#text')[0] : found
  return typeof text === 'string' ? text.trim() : ''
}

export const attributeOf = (node: XmlNode, name: string): string => textAt(node, `@${name}`)

const PARSER = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  removeNSPrefix: true,
  parseTagValue: false,
  parseAttributeValue: false,
  // Numeric references such as &#252; are decoded by this option. Without a DOCTYPE there are no others to expand.
  htmlEntities: true,
  processEntities: { enabled: true, maxTotalExpansions: 10_000_000, maxExpandedLength: 100_000_000 },
  maxNestedTags: NESTING_MAX,
})
