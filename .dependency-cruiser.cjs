/**
 * The import direction of the repository (docs/architecture.md).
 * `local/check/import-rules.test.ts` proves each rule on a forbidden import.
 */

const TEST = '(\\.test\\.tsx?|/testing/.*\\.ts)$';

/** Who may import which packages of `services`; what is not named here is forbidden. */
const MAY_IMPORT = {
  contract: [],
  config: ['contract'],
  resilience: ['contract'],
  telemetry: ['contract', 'config', 'resilience'],
  db: ['contract', 'config', 'resilience', 'telemetry'],
  redis: ['contract', 'config', 'resilience', 'telemetry'],
  storage: ['contract', 'config', 'resilience', 'telemetry'],
  jobs: ['contract', 'config', 'resilience', 'telemetry', 'db', 'redis', 'storage'],
  domain: ['contract', 'config', 'resilience', 'telemetry', 'db', 'redis', 'storage', 'jobs'],
  migrate: ['contract', 'config', 'resilience', 'telemetry', 'db'],
  api: ['contract', 'config', 'resilience', 'telemetry', 'db', 'redis', 'storage', 'jobs', 'domain'],
  worker: ['contract', 'config', 'resilience', 'telemetry', 'db', 'redis', 'storage', 'jobs', 'domain'],
};

/** Which part of the web app may not know which other parts. */
const FRONTEND_MAY_NOT_IMPORT = {
  lib: ['components', 'features', 'app'],
  components: ['features', 'app'],
  features: ['app'],
};

const direction = Object.entries(MAY_IMPORT).map(([name, allowed]) => ({
  name: `direction-${name}`,
  comment: `services/${name} may import ${allowed.join(', ') || 'no other package of the repository'}.`,
  severity: 'error',
  from: { path: `^services/${name}/` },
  to: { path: '^(services|frontend|charts)/', pathNot: `^services/(${[name, ...allowed].join('|')})/` },
}));

const frontendLayers = Object.entries(FRONTEND_MAY_NOT_IMPORT).map(([name, forbidden]) => ({
  name: `frontend-${name}`,
  comment: `In the web app imports point app -> features -> components -> lib.`,
  severity: 'error',
  from: { path: `^frontend/src/${name}/`, pathNot: TEST },
  to: { path: `^frontend/src/(${forbidden.join('|')})/` },
}));

module.exports = {
  forbidden: [
    ...direction,
    ...frontendLayers,
    {
      name: 'no-cycles',
      comment: 'Files that need each other are one file, or share a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'not-resolvable',
      comment: 'An import that cannot be found, or that package.json does not list.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'packages-by-name',
      comment: 'Another package is imported by its name, so that its exports decide what is public.',
      severity: 'error',
      from: { path: '^(services/[^/]+|frontend|local)/' },
      to: { path: '^(services/[^/]+|frontend|local)/', pathNot: '^$1/', dependencyTypes: ['local'] },
    },
    {
      name: 'local-only-embedded',
      comment: 'Of local, services use local/embedded, and only in tests.',
      severity: 'error',
      from: { path: '^(services|frontend)/' },
      to: { path: '^local/', pathNot: '^local/embedded/' },
    },
    {
      name: 'embedded-only-in-tests',
      comment: 'What runs in production never knows the embedded servers.',
      severity: 'error',
      from: { path: '^(services|frontend)/', pathNot: [TEST, '^services/[^/]+/scripts/'] },
      to: { path: '^local/' },
    },
    {
      name: 'contract-only-zod',
      comment: 'The contract runs everywhere, the browser included: zod and nothing else.',
      severity: 'error',
      from: { path: '^services/contract/', pathNot: TEST },
      to: { path: ['node_modules/', '^node:'], pathNot: 'node_modules/zod/' },
    },
    {
      name: 'contract-no-builtins',
      comment: 'The contract runs everywhere, the browser included.',
      severity: 'error',
      from: { path: '^services/contract/', pathNot: TEST },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'frontend-only-contract',
      comment: 'The web app knows the contract and no other service.',
      severity: 'error',
      from: { path: '^frontend/', pathNot: TEST },
      to: { path: '^(services|charts)/', pathNot: '^services/contract/' },
    },
    {
      name: 'frontend-no-builtins',
      comment: 'The web app runs in a browser.',
      severity: 'error',
      from: { path: '^frontend/src/', pathNot: TEST },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'foreign-repository',
      comment: "A feature never imports another feature's repository; it asks its service or its SQL fragments.",
      severity: 'error',
      from: { path: '^services/domain/src/([^/]+)/' },
      to: { path: '^services/domain/src/[^/]+/[^/]*repository[.]ts$', pathNot: '^services/domain/src/$1/' },
    },
    {
      name: 'no-import-of-main',
      comment: 'main.ts files compose a program; importing one would start it.',
      severity: 'error',
      from: { pathNot: TEST },
      to: { path: '/main\\.tsx?$' },
    },
    {
      name: 'no-import-of-tests',
      comment: 'Nothing builds on a test.',
      severity: 'error',
      from: {},
      to: { path: '\\.test\\.tsx?$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|coverage)/' },
    tsPreCompilationDeps: true,
    preserveSymlinks: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json', '.d.ts'],
    },
  },
};
