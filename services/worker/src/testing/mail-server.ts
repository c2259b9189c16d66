import { once } from 'node:events';
import { SMTPServer, type SMTPServerAddress, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server';

/** A mail that the server took. */
export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** Header and body as they came. */
  readonly raw: string;
  /** Whether it came over TLS. */
  readonly isSecure: boolean;
  readonly user: string | undefined;
}

/** A mail server of a test's own that speaks real SMTP. */
export interface TestMailServer {
  readonly port: number;
  readonly mails: readonly ReceivedMail[];
  /** How often somebody connected. */
  readonly connections: number;
  /** Calls that are still open. */
  readonly open: ReadonlySet<SMTPServerSession>;
  stop(): Promise<void>;
}

/** A refusal by code and text, as in `refusal(550, '5.1.1 No such user')`. */
export const refusal = (responseCode: number, message: string): Error =>
  Object.assign(new Error(message), { responseCode });

/** How a server behaves; without, it takes everything. */
export interface MailServerBehaviour {
  readonly onConnect?: () => Error | undefined;
  readonly onRecipient?: (address: string) => Error | undefined;
  readonly onSender?: () => Error | undefined;
  /** Answers when the mail has arrived; a promise that never settles is a server that hangs. */
  readonly onMail?: (mail: ReceivedMail) => Promise<Error | undefined>;
  /** The password that it wants. @default none */
  readonly password?: string;
  /** Offers STARTTLS. @default false */
  readonly offersTls?: boolean;
}

/** Starts a server; `stop` it at the end of the test. @param port @default a free one */
export async function startMailServer(behaviour: MailServerBehaviour = {}, port = 0): Promise<TestMailServer> {
  const mails: ReceivedMail[] = [];
  const open = new Set<SMTPServerSession>();
  let connections = 0;
  const server = new SMTPServer({
    disabledCommands: [
      ...(behaviour.password === undefined ? ['AUTH'] : []),
      ...(behaviour.offersTls === true ? [] : ['STARTTLS']),
    ],
    authOptional: behaviour.password === undefined,
    // the certificate that comes with smtp-server is for tests; nobody would trust it
    allowInsecureAuth: true,
    closeTimeout: 100,
    logger: false,
    ...answersOf(behaviour),
    onConnect(session, done) {
      connections += 1;
      open.add(session);
      done(behaviour.onConnect?.());
    },
    onClose: (session) => void open.delete(session),
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => void chunks.push(chunk));
      stream.on('end', () => void reply(Buffer.concat(chunks).toString(), session, done));
    },
  });

  async function reply(raw: string, session: SMTPServerSession, done: (error?: Error) => void): Promise<void> {
    done(await take(raw, session));
  }

  async function take(raw: string, session: SMTPServerSession): Promise<Error | undefined> {
    const { mailFrom, rcptTo } = session.envelope;
    const mail = {
      from: mailFrom === false ? '' : mailFrom.address,
      to: rcptTo.map(({ address }) => address),
      raw,
      isSecure: session.secure,
      user: typeof session.user === 'string' ? session.user : undefined,
    };
    const answer = await behaviour.onMail?.(mail);
    if (answer === undefined) {
      mails.push(mail);
    }
    return answer;
  }

  server.on('error', () => undefined);
  const listening = server.listen(port, '127.0.0.1');
  await once(listening, 'listening');
  const address = listening.address();
  return {
    port: address !== null && typeof address === 'object' ? address.port : 0,
    mails,
    open,
    get connections() {
      return connections;
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function answersOf({ password, onRecipient, onSender }: MailServerBehaviour): Partial<SMTPServerOptions> {
  return {
    onAuth({ username, password: given }, _session, done) {
      done(given === password ? null : refusal(535, '5.7.8 Wrong password'), { user: username });
    },
    onMailFrom: (_address, _session, done) => done(onSender?.()),
    onRcptTo: ({ address }: SMTPServerAddress, _session, done) => done(onRecipient?.(address)),
  };
}
