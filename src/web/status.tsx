import type { FC } from 'hono/jsx'

export type Tone = 'good' | 'info' | 'warn' | 'bad' | 'idle'

/** One of each: what a state is called is told by its word, its shape and its colour. */
const SHAPES = {
  check: (
    <>
      <circle cx="8" cy="8" r="7" />
      <path class="cut" d="m4.7 8.2 2.3 2.3 4.3-4.7" />
    </>
  ),
  ring: <circle class="line" cx="8" cy="8" r="5.8" />,
  half: (
    <>
      <circle class="line" cx="8" cy="8" r="5.8" />
      <path d="M8 2.2a5.8 5.8 0 0 1 0 11.6z" />
    </>
  ),
  clock: <path class="line" d="M8 2.2a5.8 5.8 0 1 1 0 11.6A5.8 5.8 0 0 1 8 2.2zM8 4.8V8l2.2 1.6" />,
  triangle: (
    <>
      <path d="M8 1 15.4 14.2H.6z" />
      <path class="cut" d="M8 5.6v4M8 11.6v.6" />
    </>
  ),
  square: <path d="M3 3h10v10H3z" />,
  cross: <path class="line" d="m3.6 3.6 8.8 8.8M12.4 3.6l-8.8 8.8" />,
} as const

type Shape = keyof typeof SHAPES
export type StatusLook = { word: string; shape: Shape; tone: Tone }

export const Status: FC<StatusLook> = ({ word, shape, tone }) => (
  <span class={`status ${tone}`}>
    <svg viewBox="0 0 16 16" aria-hidden="true">
      {SHAPES[shape]}
    </svg>
    {word}
  </span>
)
