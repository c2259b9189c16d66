import type { RequestListener } from 'node:http';
import type { ApiConfig } from '@taskflow/config';
import { metricNames } from '@taskflow/contract/platform';
import type { Database } from '@taskflow/db';
import {
  createDomain,
  createLiveSource,
  type Domain,
  type DomainOptions,
  type MailReason,
  newId,
} from '@taskflow/domain';
import { createBreakerControl, createBreakerStore, createJobNotifier, createTransitionLog } from '@taskflow/jobs';
import {
  createLocalRateLimiter,
  createRateLimiter,
  type RateLimiter,
  type Redis,
  type WakeUpChannel,
} from '@taskflow/redis';
import { openBlobStore } from '@taskflow/storage';
import { currentContext, formatTraceparent, type Logger, type Metrics } from '@taskflow/telemetry';
import { accountEndpoints } from './accounts/routes.ts';
import { activityEndpoints } from './activity/routes.ts';
import { createApp } from './app.ts';
import { commentEndpoints } from './comments/routes.ts';
import { sessionCookieName } from './http/credential.ts';
import type { Endpoint } from './http/endpoint.ts';
import type { Limiters } from './http/limits.ts';
import { createLoginGuard } from './http/login-guard.ts';
import { exchangeEndpoints } from './exchange/routes.ts';
import { instanceEndpoints } from './instance/routes.ts';
import { invitationEndpoints } from './invitations/routes.ts';
import { linkEndpoints } from './links/routes.ts';
import { createLiveHub, type LiveHub } from './live/live-hub.ts';
import { liveEndpoints } from './live/routes.ts';
import { createDocsPages } from './openapi/docs-pages.ts';
import { createMailAllowance, mailsPerHour } from './mail/mail-allowance.ts';
import { mailEndpoints } from './mail/routes.ts';
import { openApiEndpoints } from './openapi/routes.ts';
import { createOperationsHub, type OperationsHub } from './operations/operations-hub.ts';
import { notificationEndpoints } from './notifications/routes.ts';
import { operationsEndpoints } from './operations/routes.ts';
import { labelEndpoints } from './labels/routes.ts';
import { projectEndpoints } from './projects/routes.ts';
import { recurrenceEndpoints } from './recurrences/routes.ts';
import { searchEndpoints } from './search/routes.ts';
import { statusEndpoints } from './statuses/routes.ts';
import { taskEndpoints } from './tasks/routes.ts';
import { webhookEndpoints } from './webhooks/routes.ts';
import { workspaceEndpoints } from './workspaces/routes.ts';

/** What the API runs on. */
export interface ApiOptions {
  readonly config: ApiConfig;
  readonly version: string;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly database: Database;
  readonly redis: Redis;
  readonly wakeUps: WakeUpChannel;
  readonly newRequestId: () => string;
  /** Milliseconds that only go forward. */
  readonly now: () => number;
  /** In [0, 1). */
  readonly random: () => number;
}

/** The API, without a server around it. */
export interface Api {
  readonly handler: RequestListener;
  /** Ends every live stream with a hint when to come back. */
  closeLiveEvents(): Promise<void>;
  /** Ends what runs beside requests. To be called when none is left. */
  close(): Promise<void>;
}

/** Wires the product to HTTP. */
export function createApi(options: ApiOptions): Api {
  const { config, database, log } = options;
  const hub = createLiveHub({ ...options, source: createLiveSource({ executor: database }) });
  const limited = options.metrics.counter({
    name: metricNames.rateLimitedTotal,
    help: 'Requests refused by a rate limit.',
    labels: ['limit'],
  });
  const onLimited = (limit: string) => limited.inc({ limit });
  const transitions = createTransitionLog({
    executor: database,
    logger: log,
    metrics: options.metrics,
    now: options.now,
  });
  const domain = createDomain({
    ...domainOptions(options, onLimited),
    onCommitted: hub.wake,
    onSignedOut(userId) {
      hub.recheck(userId);
      operationsHub.end(userId);
    },
    breakers: createBreakerControl({
      store: createBreakerStore({ redis: options.redis }),
      executor: database,
      log: transitions,
      settings: () => undecided,
    }),
  });
  const { queues, breakers } = domain.operations;
  const operationsHub = createOperationsHub({
    log,
    now: options.now,
    read: async () => ({ queues: await queues.read(), breakers: await breakers.read() }),
  });
  const app = createApp({
    ...options,
    ...domain,
    onLimited,
    limiters: createLimiters(options),
    publicOrigin: config.publicUrl,
    cookieName: sessionCookieName(config.publicUrl),
    trustedProxyHops: config.http.trustedProxyHops,
    newId: options.newRequestId,
    endpoints: endpointsOf(options, domain, { hub, operationsHub }),
    pages: createDocsPages(),
  });
  app.on('error', (error: unknown) => log.error({ err: error }, 'answering failed'));
  const answer = app.callback();
  return {
    handler: (request, response) => void answer(request, response),
    async closeLiveEvents() {
      await Promise.all([hub.close(), operationsHub.close()]);
    },
    async close() {
      await transitions.close();
      await domain.close();
    },
  };
}

/** A decision opens and times nothing by itself, so it does not matter here when breakers of a type do. */
const undecided = { failureThreshold: 5, cooldownMs: 60_000 } as const;

function domainOptions(
  { config, database, log, redis }: ApiOptions,
  onLimited: (limit: string) => void,
): Omit<DomainOptions, 'onCommitted' | 'onSignedOut' | 'breakers'> {
  const wrongPasswords = createRateLimiter({
    redis,
    keyPrefix: 'taskflow:limit:wrong-passwords',
    points: 5,
    durationSeconds: 300,
  });
  const workers = createJobNotifier({
    executor: database,
    onError: (error) => log.warn({ err: error }, 'could not wake the workers'),
  });
  return {
    database,
    blobs: openBlobStore({ database, newId, settings: config.storage }),
    onAccepted: () => workers.notify(),
    cause: causeOfJobs,
    accounts: {
      ...config.accounts,
      loginGuard: createLoginGuard(wrongPasswords, () => onLimited('wrong-passwords')),
    },
    mailProvider: config.mail.provider,
    mailAllowance: createMailAllowance(mailLimiters(redis), onLimited),
    publicUrl: config.publicUrl,
    sessionTtlDays: config.accounts.sessionTtlDays,
    invitationLink: (token) => `${config.publicUrl}/invite/${token}`,
    onTouchFailed: (error) => log.warn({ err: error }, 'could not note that a session is in use'),
  };
}

function causeOfJobs(): ReturnType<DomainOptions['cause']> {
  const context = currentContext();
  return context === undefined ? {} : { requestId: context.requestId, traceParent: formatTraceparent(context.trace) };
}

function endpointsOf(
  { config, version }: ApiOptions,
  domain: Domain,
  { hub, operationsHub }: { readonly hub: LiveHub; readonly operationsHub: OperationsHub },
): Endpoint[] {
  const { registration } = config.accounts;
  return [
    ...instanceEndpoints({ name: 'TaskFlow', version, registration, sendsMail: config.mail.provider !== undefined }),
    ...accountEndpoints(domain, sessionCookieName(config.publicUrl)),
    ...workspaceEndpoints(domain),
    ...invitationEndpoints(domain),
    ...projectEndpoints(domain),
    ...statusEndpoints(domain),
    ...labelEndpoints(domain),
    ...taskEndpoints(domain),
    ...linkEndpoints(domain),
    ...commentEndpoints(domain),
    ...activityEndpoints(domain),
    ...searchEndpoints(domain),
    ...webhookEndpoints(domain),
    ...mailEndpoints(domain),
    ...notificationEndpoints(domain),
    ...recurrenceEndpoints(domain),
    ...exchangeEndpoints(domain),
    ...operationsEndpoints(domain, operationsHub),
    ...liveEndpoints(hub),
    ...openApiEndpoints({ version, cookieName: sessionCookieName(config.publicUrl) }),
  ];
}

function mailLimiters(redis: Redis): Readonly<Record<MailReason, RateLimiter>> {
  const anHour = (reason: MailReason) =>
    createRateLimiter({
      redis,
      keyPrefix: `taskflow:limit:mail-${reason}`,
      points: mailsPerHour[reason],
      durationSeconds: 3_600,
    });
  return { verification: anHour('verification'), recovery: anHour('recovery'), invitation: anHour('invitation') };
}

/** How many busy callers may share an address, as an office does. */
const callersPerAddress = 10;

function createLimiters({ config, redis, now }: ApiOptions): Limiters {
  const shared = (keyPrefix: string, points: number, durationSeconds: number) =>
    createRateLimiter({ redis, keyPrefix: `taskflow:limit:${keyPrefix}`, points, durationSeconds });
  return {
    addresses: createLocalRateLimiter({
      points: config.limits.readsPerMinute * callersPerAddress,
      durationSeconds: 60,
      now,
    }),
    reads: createLocalRateLimiter({ points: config.limits.readsPerMinute, durationSeconds: 60, now }),
    writes: shared('writes', config.limits.writesPerMinute, 60),
    special: {
      login: shared('login', 60, 300),
      register: shared('register', 30, 3_600),
      forgot: shared('forgot', 20, 3_600),
    },
  };
}
