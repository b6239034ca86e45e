import type { FC } from 'hono/jsx'
import { displayMoney } from '../kernel/money.ts'
import { type Bar, type ChartData, type ChartLayout, FRAME, layoutChart } from './chart-layout.ts'

type ChartProps = {
  /** Tells it apart from other charts of the page. */
  id: string
  title: string
  data: ChartData
  currency: string
}

/**
 * A picture of figures that stand in a table beside it: SVG from the server, without a script. It has a name and a
 * description for those who do not see it, and each bar says its figure.
 */
export const Chart: FC<ChartProps> = ({ id, title, data, currency }) => {
  const layout = layoutChart(data, currency)
  return (
    <figure class="chart">
      <section class="chart-scroll" tabindex={0} aria-label={title}>
        <svg
          viewBox={`0 0 ${FRAME.width} ${FRAME.height}`}
          role="img"
          aria-labelledby={`${id}-title ${id}-desc`}
        >
          <title id={`${id}-title`}>{title}</title>
          <desc id={`${id}-desc`}>{describe(data, currency)}</desc>
          <Axes layout={layout} />
          {layout.bars.map((bar) => (
            <ChartBar bar={bar} data={data} currency={currency} />
          ))}
          {layout.lines.map((points, series) => (
            <polyline
              class={`line series-${series}`}
              points={points.map(({ x, y }) => `${x},${y}`).join(' ')}
            />
          ))}
        </svg>
      </section>
      <figcaption>
        <strong>{title}</strong>
        {data.series.map(({ name }, series) => (
          <span>
            <span class={`key series-${series}`} />
            {name}
          </span>
        ))}
        <span class="code">{currency}</span>
      </figcaption>
    </figure>
  )
}

const Axes: FC<{ layout: ChartLayout }> = ({ layout: { ticks, names, zero } }) => (
  <g class="axes">
    {ticks.map(({ y, text }) => (
      <>
        <path d={`M${FRAME.left} ${y}H${FRAME.width - FRAME.right}`} />
        <text x={FRAME.left - 8} y={y + 3.5} text-anchor="end">
          {text}
        </text>
      </>
    ))}
    <path class="zero" d={`M${FRAME.left} ${zero}H${FRAME.width - FRAME.right}`} />
    {names.map(({ x, text }) => (
      <text x={x} y={FRAME.height - 6} text-anchor="middle">
        {text}
      </text>
    ))}
  </g>
)

const ChartBar: FC<{ bar: Bar; data: ChartData; currency: string }> = ({ bar, data, currency }) => {
  const { name, amounts } = data.series[bar.series]!
  const amount = displayMoney(amounts[bar.label] ?? 0n, currency)
  return (
    <rect class={`series-${bar.series}`} x={bar.x} y={bar.y} width={bar.width} height={bar.height} rx="1.5">
      <title>{`${data.labels[bar.label]}, ${name}: ${amount}`}</title>
    </rect>
  )
}

/** What is shown, from where to where, and the last figure of each series. */
function describe({ labels, series }: ChartData, currency: string): string {
  if (labels.length === 0) return 'There is nothing to show.'
  const last = series.map(({ name, amounts }) => `${name} ${displayMoney(amounts.at(-1) ?? 0n, currency)}`)
  return `${labels[0]} to ${labels.at(-1)}. At the end: ${last.join(', ')}. The table has every figure.`
}
