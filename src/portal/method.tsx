import type { Child, FC, PropsWithChildren } from 'hono/jsx'

/** One way to pay; opening it closes the others. */
export const Method: FC<PropsWithChildren<{ name: string; icon: Child; open: boolean }>> = ({
  name,
  icon,
  open,
  children,
}) => (
  <details name="method" open={open}>
    <summary>
      <svg viewBox="0 0 20 20" aria-hidden="true">
        {icon}
      </svg>
      {name}
    </summary>
    <div class="method">{children}</div>
  </details>
)
