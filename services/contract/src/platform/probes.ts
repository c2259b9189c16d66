/** Paths on the management port of every TaskFlow process; never routed by the ingress. */
export const probePaths = {
  live: '/livez',
  ready: '/readyz',
  metrics: '/metrics',
} as const;
