import type { FC } from 'hono/jsx'
import { CardPage } from './layout.tsx'

/** Asks for an e-mail address; `sent` is shown whether or not the address may sign in. */
export const LoginPage: FC<{ sent?: boolean | undefined; error?: string | undefined }> = ({ sent, error }) =>
  sent ? (
    <CardPage title="Check your mail">
      <p>If this address may sign in, a link is on its way to it. It works once, for 15 minutes.</p>
      <p>
        <a href="/login">Use another address</a>
      </p>
    </CardPage>
  ) : (
    <CardPage title="Sign in">
      {error && (
        <p class="notice bad" role="alert">
          {error}
        </p>
      )}
      <form method="post" action="/login" class="stack">
        <label for="email">E-mail address</label>
        <p class="hint" id="email-hint">
          We send a link that signs you in; there is no password.
        </p>
        <input
          id="email"
          name="email"
          type="email"
          autocomplete="email"
          inputmode="email"
          aria-describedby="email-hint"
          required
        />
        <button type="submit" class="button primary">
          Send the link
        </button>
      </form>
    </CardPage>
  )

/** The last step is a POST, so that a program which opens the links of a mail does not use the link up. */
export const ConfirmLoginPage: FC<{ token: string }> = ({ token }) => (
  <CardPage title="Sign in to the console">
    <p>You stay signed in for 12 hours on this device.</p>
    <form method="post" action={`/login/${encodeURIComponent(token)}`} class="stack">
      <button type="submit" class="button primary">
        Sign in
      </button>
    </form>
  </CardPage>
)
