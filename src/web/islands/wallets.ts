import { createStore, type EIP6963ProviderDetail } from 'mipd'

/** What the server asks a wallet to send; see src/portal/wallet-request.ts. */
type WalletRequest = {
  to: `0x${string}`
  data: `0x${string}`
  chain: { chainId: `0x${string}` }
}
type Provider = {
  request(call: { method: string; params?: readonly unknown[] }): Promise<unknown>
}

const REFUSED_BY_USER = 4001
const CHAIN_NOT_ADDED = 4902

/** Shows a button for each wallet of the browser (EIP-6963) beside every amount that can be sent with one. */
export function offerWallets(onSent: () => void): () => void {
  const store = createStore()
  const offer = () => {
    for (const place of document.querySelectorAll<HTMLElement>('[data-wallet-request]')) {
      if (place.dataset.sent) continue
      place.replaceChildren(...store.getProviders().map((wallet) => button(wallet, place, onSent)))
    }
  }
  store.subscribe(offer)
  return offer
}

function button(wallet: EIP6963ProviderDetail, place: HTMLElement, onSent: () => void): HTMLButtonElement {
  const element = document.createElement('button')
  element.type = 'button'
  element.className = 'button wide'
  if (wallet.info.icon.startsWith('data:image/')) {
    const icon = document.createElement('img')
    icon.src = wallet.info.icon
    icon.alt = ''
    element.append(icon)
  }
  element.append(`Pay with ${wallet.info.name}`)
  element.addEventListener('click', () => pressed(wallet, place, onSent))
  return element
}

/** Nothing can be sent twice: the buttons are off while a wallet asks, and gone once it has sent. */
async function pressed(wallet: EIP6963ProviderDetail, place: HTMLElement, onSent: () => void): Promise<void> {
  const buttons = [...place.querySelectorAll('button')]
  for (const each of buttons) each.disabled = true
  say(`Confirm the payment in ${wallet.info.name}.`)
  try {
    const request = JSON.parse(place.dataset.walletRequest ?? '{}') as WalletRequest
    const hash = await send(wallet.provider as Provider, request)
    place.dataset.sent = 'yes'
    place.replaceChildren(note(`Sent. This page shows when it has arrived. Transaction ${hash}`))
    say('Sent. Waiting for the network.')
    onSent()
  } catch (error) {
    for (const each of buttons) each.disabled = false
    place.querySelector('p')?.remove()
    place.append(note(reason(error)))
    say(reason(error))
  }
}

async function send(provider: Provider, { to, data, chain }: WalletRequest): Promise<string> {
  const [from] = (await provider.request({ method: 'eth_requestAccounts' })) as string[]
  await useChain(provider, chain)
  return String(await provider.request({ method: 'eth_sendTransaction', params: [{ from, to, data }] }))
}

/** Moves the wallet to the chain, which it may first have to learn of, and makes sure that it went there. */
async function useChain(provider: Provider, chain: WalletRequest['chain']): Promise<void> {
  const { chainId } = chain
  const here = async () => Number(await provider.request({ method: 'eth_chainId' })) === Number(chainId)
  if (await here()) return
  try {
    await provider.request({ method: 'wallet_switchEthereumChain', params: [{ chainId }] })
  } catch (error) {
    if (codeOf(error) !== CHAIN_NOT_ADDED) throw error
    await provider.request({ method: 'wallet_addEthereumChain', params: [chain] })
  }
  if (!(await here())) throw new Error('The wallet is on another network.')
}

const codeOf = (error: unknown): unknown => (error as { code?: unknown } | null)?.code

const reason = (error: unknown): string =>
  codeOf(error) === REFUSED_BY_USER
    ? 'You declined in the wallet; nothing was sent.'
    : `Nothing was sent: ${(error as { message?: string } | null)?.message ?? 'the wallet gave no reason'}`

function note(text: string): HTMLParagraphElement {
  const element = document.createElement('p')
  element.className = 'hint'
  element.textContent = text
  return element
}

function say(text: string): void {
  const live = document.querySelector('#live')
  if (live) live.textContent = text
}
