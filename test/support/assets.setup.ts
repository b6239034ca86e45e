/** Builds what wrangler's build command would: the fonts of the PDF and the style sheet are read by tests, too. */
export default async function setup(): Promise<void> {
  await import('../../scripts/build-assets.ts')
}
