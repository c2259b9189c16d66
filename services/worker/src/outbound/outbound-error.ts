/** Why a request did not get an answer; the codes are a bounded set. */
export type OutboundErrorCode =
  | 'ADDRESS_REFUSED'
  | 'REDIRECT_REFUSED'
  | 'TOO_MANY_REDIRECTS'
  | 'TIMEOUT'
  | 'UPGRADE_REFUSED'
  | (string & { readonly bounded?: never });

/** A request on behalf of people did not get an answer. */
export class OutboundError extends Error {
  override readonly name = 'OutboundError';
  readonly code: OutboundErrorCode;

  constructor(code: OutboundErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
