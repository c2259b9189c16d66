/** An error as it is logged: enough to find the cause, without the values it carries along. */
export interface ErrorFields {
  readonly type: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly code?: string;
  readonly constraint?: string;
  readonly cause?: ErrorFields;
}

const deepestCause = 5;

function fieldsOf(error: unknown, depth: number): ErrorFields {
  if (!(error instanceof Error)) {
    return { type: typeof error, message: String(error), stack: undefined };
  }
  const inner: unknown = error instanceof AggregateError ? error.errors[0] : error.cause;
  return {
    type: error.name,
    message: error.message,
    stack: error.stack,
    ...('code' in error && { code: String(error.code) }),
    ...('constraint' in error && typeof error.constraint === 'string' && { constraint: error.constraint }),
    ...(inner !== undefined && depth < deepestCause && { cause: fieldsOf(inner, depth + 1) }),
  };
}

/**
 * Picks the fields of an error by name. Drivers attach whole commands, rows and connection settings
 * to their errors; none of that may reach a log.
 */
export function errorFields(error: unknown): ErrorFields {
  return fieldsOf(error, 0);
}
