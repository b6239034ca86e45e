/** Buttons that copy a value, and say so in words for as long as somebody needs to read them. */
const CONFIRMED_MS = 2_000

document.addEventListener('click', async ({ target }) => {
  const button = target instanceof Element ? target.closest<HTMLButtonElement>('button[data-copy]') : null
  if (!button) return
  const said = await navigator.clipboard.writeText(button.dataset.copy ?? '').then(
    () => 'Copied',
    () => 'Not allowed',
  )
  const label = button.dataset.label ?? button.textContent ?? ''
  button.dataset.label = label
  button.textContent = said
  setTimeout(() => {
    button.textContent = label
  }, CONFIRMED_MS)
})
