import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';

/** An import that the rules forbid. */
export interface ImportViolation {
  readonly rule: string;
  readonly from: string;
  readonly to: string;
  readonly reason: string;
}

/** What was looked at, and what was found. */
export interface ImportReport {
  readonly modules: number;
  readonly dependencies: number;
  readonly violations: readonly ImportViolation[];
}

/**
 * Checks the imports below `folders` (relative to `baseDir`) against the rules of `configPath`.
 * @throws when no module was read: a checker without a parser finds nothing wrong in anything.
 */
export async function checkImports(
  baseDir: string,
  folders: readonly string[],
  configPath: string,
): Promise<ImportReport> {
  const options = await extractDepcruiseOptions(configPath);
  const { output } = await cruise([...folders], { ...options, baseDir, validate: true });
  if (typeof output === 'string') throw new TypeError('dependency-cruiser answered with text instead of a result');
  if (countRead(output) === 0) throw new Error('dependency-cruiser read no module; is its TypeScript parser there?');
  const reasons = new Map((options.ruleSet?.forbidden ?? []).map((rule) => [rule.name, rule.comment]));
  return {
    modules: output.summary.totalCruised,
    dependencies: output.summary.totalDependenciesCruised ?? 0,
    violations: output.summary.violations.map((violation) => ({
      rule: violation.rule.name,
      from: violation.from,
      to: violation.to,
      reason: reasons.get(violation.rule.name) ?? '',
    })),
  };
}

function countRead(result: ICruiseResult): number {
  return result.modules.filter((module) => /\.tsx?$/.test(module.source) && module.dependencies.length > 0).length;
}
