import { join } from 'node:path';
import { checkImports } from './check-imports.ts';

const root = join(import.meta.dirname, '../../..');
const report = await checkImports(root, ['services', 'frontend', 'local'], join(root, '.dependency-cruiser.cjs'));
for (const { from, to, rule, reason } of report.violations) console.error(`${from} -> ${to}\n  ${rule}: ${reason}`);
console.log(`${report.modules} modules, ${report.dependencies} imports, ${report.violations.length} forbidden`);
process.exitCode = report.violations.length === 0 ? 0 : 1;
