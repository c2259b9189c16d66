import { createHmac, randomBytes } from 'node:crypto';

const secretPrefix = 'whsec_';

/** A secret in the form of the Standard Webhooks specification: `whsec_` and 24 random bytes in base64. */
export const newWebhookSecret = (): string => `${secretPrefix}${randomBytes(24).toString('base64')}`;

/** A message as it is signed. */
interface SignedMessage {
  readonly messageId: string;
  /** Seconds since 1970, of the attempt. */
  readonly timestamp: number;
  readonly body: string;
}

/**
 * The `webhook-signature` header: one `v1,` signature for each secret that is valid, HMAC-SHA256 over
 * `id.timestamp.body` (Standard Webhooks, https://www.standardwebhooks.com).
 */
export function webhookSignature({ messageId, timestamp, body }: SignedMessage, secrets: readonly string[]): string {
  return secrets
    .map((secret) => {
      const key = Buffer.from(secret.slice(secretPrefix.length), 'base64');
      return `v1,${createHmac('sha256', key).update(`${messageId}.${timestamp}.${body}`).digest('base64')}`;
    })
    .join(' ');
}
