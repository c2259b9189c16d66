import type { OutgoingMail } from '@taskflow/domain';
import { createTransport } from 'nodemailer';

/** Hands mails to the mail server over a few connections that stay open for a while. */
export interface MailSender {
  /**
   * Resolves when the server has taken the mail. When the signal aborts, the connection is closed in the middle of
   * whatever it does.
   *
   * @returns what the server said
   * @throws the error of the connection, or of the server, with its reply
   */
  send(mail: OutgoingMail, signal: AbortSignal): Promise<string>;
  /** Closes every connection. */
  close(): void;
}

/** How long to wait for the other side; none of them is ever waited for without an end. */
export interface MailTimeouts {
  readonly dnsMs: number;
  readonly connectMs: number;
  readonly greetingMs: number;
  /** Silence in the middle of a dialogue. */
  readonly silenceMs: number;
}

/** All of them together stay below the timeout of a job, so that the reason is known. */
const usualTimeouts: MailTimeouts = { dnsMs: 10_000, connectMs: 15_000, greetingMs: 15_000, silenceMs: 30_000 };

/** As many as jobs of this type run at a time, so that no mail waits where it could not be counted. */
const connections = 10;

/** Below what servers usually bear, so that it is us who close a connection that nobody uses. */
const idleMs = 30_000;

/** Options of {@link createMailSender}. */
export interface MailSenderOptions {
  /**
   * `smtps://` speaks TLS from the start. `smtp://` changes to TLS where the server offers it, and insists on it when the
   * address has a password, unless it ends with `?requireTLS=false`; certificates are checked.
   */
  readonly smtpUrl: string;
  /** An address, alone or as `Name <address>`. */
  readonly from: string;
  /** The right half of Message-ID. */
  readonly domain: string;
  /** @default 10 s for names, 15 s for a connection and for a greeting, 30 s of silence */
  readonly timeouts?: MailTimeouts;
}

/** Connects when the first mail is sent. */
export function createMailSender(options: MailSenderOptions): MailSender {
  const { smtpUrl, from, domain, timeouts = usualTimeouts } = options;
  const transport = createTransport({
    pool: true,
    maxConnections: connections,
    // whether a mail is tried again is decided in one place: by the engine
    maxRequeues: 0,
    idleTimeout: idleMs,
    requireTLS: new URL(smtpUrl).password !== '',
    dnsTimeout: timeouts.dnsMs,
    connectionTimeout: timeouts.connectMs,
    greetingTimeout: timeouts.greetingMs,
    socketTimeout: timeouts.silenceMs,
    disableFileAccess: true,
    disableUrlAccess: true,
    // what stands in the address wins over what stands above
    url: smtpUrl,
  });
  return {
    async send({ to, subject, text, html, messageKey, unsubscribeUrl }, signal) {
      const { response } = await transport.sendMail({
        from,
        to,
        subject,
        text,
        html,
        messageId: `<${messageKey}@${domain}>`,
        headers: {
          // vacation notices and the like are not to answer (RFC 3834)
          'Auto-Submitted': 'auto-generated',
          ...(unsubscribeUrl === undefined
            ? {}
            : {
                'List-Unsubscribe': `<${unsubscribeUrl}>`,
                // one click, by RFC 8058
                'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
              }),
        },
        signal,
      });
      return response;
    },
    close: () => transport.close(),
  };
}
