/** The error object of Stripe's API. */
export type ErrorBody = {
  type: 'invalid_request_error' | 'card_error' | 'idempotency_error' | 'api_error'
  message: string
  code?: string
  decline_code?: string
  param?: string
  charge?: string
  doc_url?: string
  payment_intent?: unknown
  payment_method?: unknown
  request_log_url?: string
}

/** An error answer of the stand-in; thrown anywhere, written out in one place. */
export class StripeFault extends Error {
  readonly status: 400 | 401 | 402 | 404 | 409 | 429 | 500
  readonly body: ErrorBody

  constructor(status: StripeFault['status'], body: ErrorBody) {
    super(body.message)
    this.status = status
    this.body = body
  }
}

/** An error of the request itself, 400. */
export const invalidRequest = (
  message: string,
  more: { code?: string; param?: string; payment_intent?: unknown } = {},
): StripeFault => new StripeFault(400, { type: 'invalid_request_error', message, ...more })

/** 404 for an id in the path; 400 with the parameter's name for an id in a parameter. */
export const noSuch = (
  what: string,
  id: string,
  param?: string,
  status: 400 | 404 = param === undefined ? 404 : 400,
): StripeFault =>
  new StripeFault(status, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    message: `No such ${what}: '${id}'`,
    param: param ?? 'id',
  })

export const writeFault = ({ body }: StripeFault, requestId: string) => ({
  error: {
    ...body,
    ...(body.code && { doc_url: `https://stripe.com/docs/error-codes/${body.code.replaceAll('_', '-')}` }),
    request_log_url: `https://dashboard.stripe.com/test/logs/${requestId}`,
  },
})
