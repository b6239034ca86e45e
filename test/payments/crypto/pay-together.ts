import artifact from '@openzeppelin/contracts/build/contracts/TimelockController.json' with { type: 'json' }
import { type Abi, type Address, encodeFunctionData, type Hash, type Hex, parseAbi, zeroHash } from 'viem'
import { fundPayer, nodeAt, TOKEN_ADDRESS, type TokenPayment } from '../../../sandbox/chain/token.ts'
import { PAYER } from '../../../sandbox/chain/wallet.ts'

const abi = artifact.abi as Abi
const TRANSFER = parseAbi(['function transfer(address to, uint256 value)'])

/** Several transfers in one transaction, as an exchange pays out: a contract that holds the tokens sends them. */
export async function payTogether(rpcUrl: string, transfers: Omit<TokenPayment, 'token'>[]): Promise<Hash> {
  const node = nodeAt(rpcUrl)
  const own = { account: PAYER, chain: null }
  const deployed = await node.waitForTransactionReceipt({
    hash: await node.deployContract({
      ...own,
      abi,
      bytecode: artifact.bytecode as Hex,
      args: [0n, [PAYER], [PAYER], PAYER],
    }),
    pollingInterval: 50,
  })
  const contract = { ...own, abi, address: deployed.contractAddress as Address }
  const units = transfers.reduce((sum, transfer) => sum + transfer.units, 0n)
  await fundPayer(rpcUrl, { token: TOKEN_ADDRESS, to: contract.address, units })

  const calls = transfers.map(({ to, units }) =>
    encodeFunctionData({ abi: TRANSFER, functionName: 'transfer', args: [to as Address, units] }),
  )
  const batch = [calls.map(() => TOKEN_ADDRESS), calls.map(() => 0n), calls, zeroHash, zeroHash]
  await node.writeContract({ ...contract, functionName: 'scheduleBatch', args: [...batch, 0n] })
  const hash = await node.writeContract({ ...contract, functionName: 'executeBatch', args: batch })
  await node.waitForTransactionReceipt({ hash, pollingInterval: 50 })
  return hash
}
