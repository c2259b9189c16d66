import { metricNames } from '@taskflow/contract/platform';
import type { ReadinessReport } from '@taskflow/resilience';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from './logger.ts';
import { type ManagementServer, startManagementServer } from './management-server.ts';
import { createMetrics, type Metrics } from './metrics.ts';

const log = createLogger({ service: 'test', level: 'silent' });

describe('the management server', () => {
  let metrics: Metrics;
  let server: ManagementServer;
  let readiness: () => Promise<ReadinessReport>;
  let isAlive: boolean;

  beforeEach(async () => {
    metrics = createMetrics();
    readiness = async () => ({ ready: true, reasons: [] });
    isAlive = true;
    server = await startManagementServer({
      port: 0,
      host: '127.0.0.1',
      registry: metrics.registry,
      readiness: () => readiness(),
      isAlive: () => isAlive,
      log,
    });
  });

  afterEach(async () => {
    await server.close();
  });

  const get = (path: string, init?: RequestInit): Promise<Response> =>
    fetch(`http://127.0.0.1:${server.port}${path}`, init);

  it('is live as long as it answers and nothing in it is dead', async () => {
    expect((await get('/livez')).status).toBe(200);
    isAlive = false;
    expect((await get('/livez')).status).toBe(503);
  });

  it('is ready when nothing stands against it', async () => {
    const response = await get('/readyz');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ ready: true, reasons: [] });
  });

  it('is not ready with the reasons, while it stays live', async () => {
    readiness = async () => ({ ready: false, reasons: ['postgresql: connection refused'] });
    const response = await get('/readyz');
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ ready: false, reasons: ['postgresql: connection refused'] });
    expect((await get('/livez')).status).toBe(200);
  });

  it('answers 500 without details when readiness itself breaks', async () => {
    readiness = async () => {
      throw new Error('sekret');
    };
    const response = await get('/readyz');
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('sekret');
  });

  it('exposes what was declared and what Node knows, under one prefix', async () => {
    metrics
      .counter({ name: metricNames.rateLimitedTotal, help: 'Requests refused by a limit.', labels: ['limit'] })
      .inc({ limit: 'login' }, 3);
    metrics.gauge({
      name: metricNames.databasePoolWaiting,
      help: 'Callers that wait for a connection.',
      collect: (gauge) => gauge.set(7),
    });
    metrics
      .histogram({ name: metricNames.httpRequestDurationSeconds, help: 'Requests.', labels: ['route'] })
      .observe({ route: '/api/v1/me' }, 0.003);
    const response = await get('/metrics');
    const text = await response.text();
    expect(response.headers.get('content-type')).toContain('text/plain');
    expect(text).toContain('taskflow_rate_limited_total{limit="login"} 3');
    expect(text).toContain('taskflow_database_pool_waiting 7');
    expect(text).toContain('taskflow_http_request_duration_seconds_bucket{le="0.005",route="/api/v1/me"} 1');
    expect(text).toContain('taskflow_nodejs_eventloop_lag_p99_seconds');
    expect(text).toContain('taskflow_process_resident_memory_bytes');
    const foreign = text.split('\n').filter((line) => line !== '' && !/^(# (HELP|TYPE) )?taskflow_/.test(line));
    expect(foreign).toEqual([]);
  });

  it('answers 404 for what it does not have and 405 for what it does not do', async () => {
    expect((await get('/')).status).toBe(404);
    const response = await get('/livez', { method: 'POST' });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, HEAD');
  });

  it('refuses to start on a port that is taken', async () => {
    const second = startManagementServer({
      port: server.port,
      host: '127.0.0.1',
      registry: metrics.registry,
      readiness,
      log,
    });
    await expect(second).rejects.toThrow('EADDRINUSE');
  });
});
