import { z } from 'zod';

/** What an attempt's error means for the mail and for the mail server. */
export interface MailFailureVerdict {
  /** One of a bounded set, as in `SMTP_4XX` or `ECONNREFUSED`. */
  readonly code: string;
  readonly retryable: boolean;
  /** It says something about the mail server, or about what it thinks of us. */
  readonly countsForBreaker: boolean;
  /** No further attempt would help this mail. */
  readonly isFinal: boolean;
}

/** The fields of nodemailer's errors that tell what happened. */
const mailError = z.object({
  code: z.string().optional(),
  /** Of the system, where there is one: ECONNREFUSED, ENOTFOUND. */
  originalCode: z.string().optional(),
  responseCode: z.number().optional(),
  response: z.string().optional(),
  command: z.string().optional(),
});
type MailError = z.infer<typeof mailError>;

const temporary = { retryable: true, countsForBreaker: true, isFinal: false } as const;
const hopeless = { retryable: false, countsForBreaker: false, isFinal: true } as const;

/** Errors of nodemailer without a reply of the server, by our own names. */
const codesWithoutReply: Readonly<Record<string, string>> = {
  ETIMEDOUT: 'TIMEOUT',
  EAUTH: 'SMTP_AUTH',
  ENOAUTH: 'SMTP_AUTH',
  ETLS: 'SMTP_TLS',
  EPROTOCOL: 'SMTP_PROTOCOL',
  EDNS: 'ENOTFOUND',
  ECONNECTION: 'ECONNRESET',
  ESOCKET: 'ECONNRESET',
};

/** Codes of the system that are told apart; others are a connection that did not work out. */
const systemCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN']);

/** A certificate that is not good, or a handshake that failed, as Node and OpenSSL call them. */
const tlsCode = /^(?:CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_|ERR_TLS_|ERR_SSL_)/;

/** Codes that ask for a password, or do not take ours (RFC 4954, section 6). */
const authenticationCodes = new Set([530, 534, 535, 538]);

/** What to make of an error of the mail server or of the way to it. */
export function classifyMailFailure(error: unknown): MailFailureVerdict {
  const parsed = mailError.safeParse(error);
  const facts = parsed.success ? parsed.data : {};
  const { code, responseCode } = facts;
  if (code !== 'ETLS' && responseCode !== undefined && responseCode >= 400 && responseCode < 600) {
    return ofReply(facts, responseCode);
  }
  return withoutReply(facts);
}

function ofReply(facts: MailError, responseCode: number): MailFailureVerdict {
  if (responseCode < 500) {
    return { ...temporary, code: 'SMTP_4XX', countsForBreaker: subjectOf(facts) === 'us' };
  }
  if (authenticationCodes.has(responseCode) || facts.command?.startsWith('AUTH') === true) {
    // passwords are changed on one side before the other, and providers stumble
    return { ...temporary, code: 'SMTP_AUTH' };
  }
  switch (subjectOf(facts)) {
    case 'mailbox':
      return { ...hopeless, code: 'SMTP_MAILBOX' };
    case 'mail':
      return { ...hopeless, code: 'SMTP_5XX' };
    case 'us':
      return { code: 'SMTP_5XX', retryable: false, countsForBreaker: true, isFinal: false };
  }
}

/**
 * What a refusal is about: the recipient's mailbox, this one mail, or ourselves - the server, our address, its policy.
 * Enhanced status codes tell (RFC 3463), and where there are none, the command that was refused.
 */
function subjectOf({ response = '', command = '' }: MailError): 'mailbox' | 'mail' | 'us' {
  const [, subject, detail] = /^\d{3}[ -][245]\.(\d{1,3})\.(\d{1,3})\b/.exec(response) ?? [];
  const isAboutRecipient = command === 'RCPT TO' || command === 'DATA';
  if (subject === undefined) {
    return command === 'RCPT TO' ? 'mailbox' : 'us';
  }
  // x.1.7 and x.1.8 are about the address of the sender
  if (isAboutRecipient && ((subject === '1' && detail !== '7' && detail !== '8') || subject === '2')) {
    return 'mailbox';
  }
  return isAboutRecipient && subject === '6' ? 'mail' : 'us';
}

function withoutReply({ code = '', originalCode = '' }: MailError): MailFailureVerdict {
  if (code === 'EENVELOPE' || code === 'EMESSAGE') {
    // an address that is none, or a mail that is too large: nodemailer did not even try
    return { ...hopeless, code: 'SMTP_MAILBOX' };
  }
  if (originalCode === 'ETIMEDOUT') {
    return { ...temporary, code: 'TIMEOUT' };
  }
  if (tlsCode.test(originalCode)) {
    return { ...temporary, code: 'SMTP_TLS' };
  }
  if (systemCodes.has(originalCode)) {
    return { ...temporary, code: originalCode };
  }
  return { ...temporary, code: codesWithoutReply[code] ?? 'UNKNOWN' };
}
