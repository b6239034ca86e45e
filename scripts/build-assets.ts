import { copyFile, mkdir, rm } from 'node:fs/promises'
import { build } from 'esbuild'

/**
 * Gathers what browsers load, and the fonts of the PDF, in the directory that wrangler.toml serves: the style sheet,
 * the page scripts, and Swagger UI for the API's pages. Nothing is loaded from another origin.
 */
const OUT = '.build/assets'
const NOTO = 'node_modules/@expo-google-fonts/noto-sans'
const SWAGGER = 'node_modules/swagger-ui-dist'

const FILES: Record<string, string> = {
  'src/web/headers.txt': '_headers',
  'src/web/icon.svg': 'assets/icon.svg',
  [`${NOTO}/400Regular/NotoSans_400Regular.ttf`]: 'fonts/NotoSans-Regular.ttf',
  [`${NOTO}/700Bold/NotoSans_700Bold.ttf`]: 'fonts/NotoSans-Bold.ttf',
  [`${NOTO}/LICENSE_FONT`]: 'fonts/LICENSE.txt',
  [`${SWAGGER}/swagger-ui.css`]: 'docs-ui/swagger-ui.css',
  [`${SWAGGER}/swagger-ui-bundle.js`]: 'docs-ui/swagger-ui-bundle.js',
  [`${SWAGGER}/LICENSE`]: 'docs-ui/LICENSE.txt',
}

await rm(OUT, { recursive: true, force: true })
for (const directory of ['assets', 'fonts', 'docs-ui'])
  await mkdir(`${OUT}/${directory}`, { recursive: true })

await Promise.all([
  ...Object.entries(FILES).map(([from, to]) => copyFile(from, `${OUT}/${to}`)),
  build({
    entryPoints: [
      'src/web/style.css',
      ...['copy', 'docs', 'invoice'].map((name) => `src/web/islands/${name}.ts`),
    ],
    outdir: `${OUT}/assets`,
    entryNames: '[name]',
    bundle: true,
    minify: true,
    format: 'iife',
    target: ['es2022', 'chrome123', 'firefox120', 'safari17.5'],
    logLevel: 'warning',
  }),
])
