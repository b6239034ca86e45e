import type { FC } from 'hono/jsx'
import { encode } from 'uqr'

/** A QR code as SVG. `label` says what it holds: the same is always written beside it as text. */
export const QrCode: FC<{ data: string; label: string; ecc?: 'L' | 'M' }> = ({ data, label, ecc = 'M' }) => {
  const { data: modules, size } = encode(data, { ecc, border: 2 })
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label}>
      <path d={modules.map(rowPath).join('')} />
    </svg>
  )
}

/** The dark runs of a row, each drawn as one stroke: a tenth of the bytes of a square for every module. */
function rowPath(row: boolean[], y: number): string {
  let path = ''
  for (let x = 0; x < row.length; x++) {
    const start = x
    while (row[x]) x++
    if (x > start) path += `M${start} ${y}.5h${x - start}`
  }
  return path
}
