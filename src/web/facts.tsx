import type { Child, FC } from 'hono/jsx'

/** Labelled values; a value that is null, undefined, false or empty is left out with its label. */
export const Facts: FC<{ items: readonly (readonly [label: string, value: Child])[] }> = ({ items }) => (
  <dl class="facts">
    {items
      .filter(([, value]) => value !== null && value !== undefined && value !== false && value !== '')
      .map(([label, value]) => (
        <div>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
  </dl>
)

/** A value with a button that copies it, in the form `copy` that a program reads; the style sheet hides it where there is no script. */
export const Copyable: FC<{ value: Child; copy: string; what: string }> = ({ value, copy, what }) => (
  <span class="copyable">
    <span class="value">{value}</span>
    <button type="button" class="button small" data-copy={copy} aria-label={`Copy ${what}`}>
      Copy
    </button>
  </span>
)
