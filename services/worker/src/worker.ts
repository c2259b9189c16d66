import { lookup, Resolver } from 'node:dns/promises';
import { performance } from 'node:perf_hooks';
import type { Database } from '@taskflow/db';
import {
  createExportService,
  createImportService,
  createReportService,
  createLiveSource,
  createMaintenanceService,
  createUnitOfWorkRunner,
  createWebhookDeliveries,
  liveTopic,
  maintenanceSchedules,
  newId,
  notificationSchedules,
  recurrenceSchedules,
  type UnitOfWorkRunner,
  wakeUpMessage,
} from '@taskflow/domain';
import type { AnyJobHandler, BuiltInSchedule } from '@taskflow/jobs';
import type { WakeUpChannel } from '@taskflow/redis';
import { openBlobStore, type StorageSettings } from '@taskflow/storage';
import { currentContext, formatTraceparent } from '@taskflow/telemetry';
import { createWorkerMail } from './mail.ts';
import { createMaintenanceHandlers } from './maintenance/handlers.ts';
import { createNotificationHandlers } from './notifications.ts';
import { createAddressPolicy } from './outbound/address-policy.ts';
import { createHostResolver, type ResolveHost } from './outbound/host-resolver.ts';
import { createOutboundHttp } from './outbound/outbound-http.ts';
import { createProjectExportHandler } from './project-export/handler.ts';
import { createProjectImportHandler } from './project-import/handler.ts';
import { createReportGenerateHandler } from './report-generate/handler.ts';
import { createWebhookDeliverHandler } from './webhook-deliver/handler.ts';

/** What handlers work with. */
export interface WorkerOptions {
  /** The handlers' own pool. */
  readonly database: Database;
  readonly wakeUps: Pick<WakeUpChannel, 'publish'>;
  /** Ranges of private addresses that webhooks may call nevertheless. */
  readonly allowedCidrs: readonly string[];
  /** Where files are kept. */
  readonly storage: StorageSettings;
  readonly version: string;
  /** Where people reach the instance: the origin of links in mails. */
  readonly publicUrl: string;
  readonly mail: {
    /** `undefined` where mails are kept and not sent. */
    readonly smtpUrl: string | undefined;
    readonly from: string;
  };
  /** A handler's unit accepted jobs. Must not throw. */
  readonly onAccepted: () => void;
}

/** For one name server; each is asked twice. */
const nameServerTimeoutMs = 2_000;

const webhookLimits = { timeoutMs: 15_000, maxBodyBytes: 64 * 1_024, maxRedirects: 3 } as const;

/** What this release can do in the background. */
export interface Worker {
  readonly handlers: readonly AnyJobHandler[];
  /** What happens by itself. Every type of these has a handler. */
  readonly schedules: readonly BuiltInSchedule[];
  readonly units: UnitOfWorkRunner;
  /** Ends what handlers keep open. To be called when no job runs any more. */
  close(): void;
}

/** Wires the product to the job engine: one handler for each type of job. Nothing runs yet. */
export function createWorker(options: WorkerOptions): Worker {
  const { database } = options;
  const units = createUnits(options);
  const blobs = openBlobStore({ database, newId, settings: options.storage });
  const deliveries = createWebhookDeliveries({
    executor: database,
    newId,
    eventsIn: (executor) => createLiveSource({ executor }),
    userAgent: `TaskFlow/${options.version} (webhooks)`,
  });
  const mail = createWorkerMail({ database, units, publicUrl: options.publicUrl, ...options.mail });
  return {
    units,
    close: () => mail.close(),
    handlers: [
      ...mail.handlers,
      ...createMaintenanceHandlers({
        maintenance: createMaintenanceService({ executor: database, blobs, now: Date.now }),
      }),
      ...createNotificationHandlers({ database, units, deliveries, mails: mail.mails, publicUrl: options.publicUrl }),
      createReportGenerateHandler({
        units,
        reports: createReportService({ database, blobs, mails: mail.mails, publicUrl: options.publicUrl }),
      }),
      createProjectImportHandler({
        units,
        imports: createImportService({ database, blobs, newId }),
      }),
      createProjectExportHandler({
        units,
        exports: createExportService({ database, blobs, now: () => new Date() }),
      }),
      createWebhookDeliverHandler({
        deliveries,
        units,
        http: createOutboundHttp({
          ...webhookLimits,
          policy: createAddressPolicy(options.allowedCidrs),
          resolve: createWebhookResolver(),
        }),
        clock: () => performance.now(),
        now: () => new Date(),
      }),
    ],
    schedules: [...maintenanceSchedules, ...notificationSchedules, ...recurrenceSchedules],
  };
}

/** Changes that handlers make wake live events and workers, and the job under way is their cause. */
function createUnits({ database, wakeUps, onAccepted }: WorkerOptions): UnitOfWorkRunner {
  return createUnitOfWorkRunner({
    database,
    onCommitted(changes) {
      for (const change of changes) {
        wakeUps.publish(liveTopic, wakeUpMessage(change));
      }
    },
    onAccepted,
    cause() {
      const context = currentContext();
      return context === undefined
        ? {}
        : { requestId: context.requestId, traceParent: formatTraceparent(context.trace) };
    },
  });
}

/** A resolver that keeps no thread waiting for name servers of other people. */
function createWebhookResolver(): ResolveHost {
  const resolver = new Resolver({ timeout: nameServerTimeoutMs, tries: 2 });
  return createHostResolver({
    query: { 4: (host) => resolver.resolve4(host), 6: (host) => resolver.resolve6(host) },
    lookup: (host) => lookup(host, { all: true }),
  });
}
