import type { RouteContract } from '@taskflow/contract/http';
import { DomainError } from '@taskflow/domain';
import type { z } from 'zod';

/** Path, query and body of a request, as they came. */
interface Unparsed {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

const prefixes = { params: 'path.', query: 'query.', body: '' } as const;

/**
 * Holds a request against its contract and answers what the schemas made of it.
 *
 * @throws DomainError `invalid` with every field that is not valid, the body's by their bare names
 */
export function parseRequest(contract: RouteContract, input: Unparsed): Unparsed {
  const problems: { path: string; message: string }[] = [];
  const parse = (part: keyof Unparsed) => {
    const schema = contract[part];
    if (schema === undefined) {
      return undefined;
    }
    const result = schema.safeParse(input[part]);
    if (!result.success) {
      problems.push(...result.error.issues.flatMap((issue) => fieldErrors(issue, prefixes[part])));
    }
    return result.data;
  };
  const parsed = { params: parse('params'), query: parse('query'), body: parse('body') };
  if (problems.length > 0) {
    throw new DomainError('invalid', undefined, { fields: problems.slice(0, 50) });
  }
  return parsed;
}

function fieldErrors(issue: z.core.$ZodIssue, prefix: string): { path: string; message: string }[] {
  const base = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: `${prefix}${base === '' ? key : `${base}.${key}`}`,
      message: 'is not known here',
    }));
  }
  return [{ path: `${prefix}${base}`, message: issue.message }];
}
