type Transfer = {
  amount?: string
  currency?: string
  reference?: string
  text?: string[]
  endToEnd?: string
  txId?: string
  payer?: string
  iban?: string
  returned?: boolean
}
type Entry = Transfer & {
  direction?: 'CRDT' | 'DBIT'
  status?: string
  reversal?: boolean
  bookedOn?: string
  bankReference?: string
  entryReference?: string
  transfers?: Transfer[]
}

const tag = (name: string, content: string | undefined): string =>
  content === undefined || content === '' ? '' : `<${name}>${content}</${name}>`

/** A camt file as banks write it; `version` 2 has names and states where versions up to .03 have them. */
export function camtFile(
  entries: Entry[],
  {
    version = 8,
    iban = 'DE02120300000000202051',
    message = 'BkToCstmrStmt',
    statement = 'Stmt',
    id = 'S1',
  } = {},
): string {
  const body = entries.map((entry) => entryXml(entry, version)).join('')
  return `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.0${version}"><${message}><GrpHdr><MsgId>M</MsgId></GrpHdr>
<${statement}><Id>${id}</Id><Acct><Id><IBAN>${iban}</IBAN></Id></Acct>${body}</${statement}></${message}></Document>`
}

function entryXml(entry: Entry, version: number): string {
  const {
    amount = '100.00',
    currency = 'EUR',
    direction = 'CRDT',
    status = 'BOOK',
    bookedOn = '2026-01-20',
  } = entry
  const transfers = entry.transfers ?? [{ ...entry, amount: undefined }]
  return tag(
    'Ntry',
    [
      tag('NtryRef', entry.entryReference),
      `<Amt Ccy="${currency}">${amount}</Amt>`,
      tag('CdtDbtInd', direction),
      entry.reversal ? '<RvslInd>true</RvslInd>' : '',
      tag('Sts', version > 3 ? tag('Cd', status) : status),
      tag('BookgDt', tag('Dt', bookedOn)),
      tag('AcctSvcrRef', entry.bankReference),
      tag('NtryDtls', transfers.map((transfer) => transferXml(transfer, currency, version)).join('')),
    ].join(''),
  )
}

function transferXml(
  transfer: Omit<Transfer, 'amount'> & { amount?: string | undefined },
  currency: string,
  version: number,
) {
  const name = tag('Nm', transfer.payer)
  return tag(
    'TxDtls',
    [
      tag('Refs', tag('EndToEndId', transfer.endToEnd ?? 'NOTPROVIDED') + tag('TxId', transfer.txId)),
      transfer.amount ? `<Amt Ccy="${transfer.currency ?? currency}">${transfer.amount}</Amt>` : '',
      tag(
        'RltdPties',
        tag('Dbtr', version > 3 ? tag('Pty', name) : name) +
          tag('DbtrAcct', tag('Id', tag('IBAN', transfer.iban))),
      ),
      tag(
        'RmtInf',
        (transfer.text ?? []).map((line) => tag('Ustrd', line)).join('') +
          tag('Strd', tag('CdtrRefInf', tag('Ref', transfer.reference))),
      ),
      transfer.returned ? '<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>' : '',
    ].join(''),
  )
}
