/** Every metric that TaskFlow's own code exposes. Dashboards and alerts may use these names and no others. */
export const metricNames = {
  httpRequestDurationSeconds: 'taskflow_http_request_duration_seconds',
  httpRequestsInFlight: 'taskflow_http_requests_in_flight',
  databasePoolConnections: 'taskflow_database_pool_connections',
  databasePoolWaiting: 'taskflow_database_pool_waiting',
  databaseStatementDurationSeconds: 'taskflow_database_statement_duration_seconds',
  liveClients: 'taskflow_live_clients',
  liveEventsSentTotal: 'taskflow_live_events_sent_total',
  liveClientsDroppedTotal: 'taskflow_live_clients_dropped_total',
  rateLimitedTotal: 'taskflow_rate_limited_total',
} as const;
