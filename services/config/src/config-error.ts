/** One variable that cannot be used. The message never holds the value, which may be a secret. */
export interface ConfigProblem {
  readonly variable: string;
  readonly message: string;
}

/** The environment does not describe a runnable process; `problems` names everything wrong with it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  /** EX_CONFIG of sysexits(3). */
  readonly exitCode = 78;
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(formatConfigProblems(problems).join('\n'));
    this.problems = problems;
  }
}

/** One readable line per problem. */
export function formatConfigProblems(problems: readonly ConfigProblem[]): string[] {
  return problems.map(({ variable, message }) => `configuration: ${variable} ${message}`);
}
