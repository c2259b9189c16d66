import type { Knex } from 'knex';

/** One step of the schema. Expand, then contract: the previous release must run on the new schema. */
export interface Migration {
  /** A four-digit number and a word, like `0001-initial`; the number is the schema's version. */
  readonly name: string;
  /**
   * `false` runs the step outside a transaction (`CREATE INDEX CONCURRENTLY`); such a step must be
   * repeatable, since it may be interrupted before it is recorded.
   * @default true
   */
  readonly transaction?: boolean;
  /** Applies the step as the owner role. */
  up(knex: Knex): Promise<void>;
}

/** The number in front of a migration's name. @throws RangeError when there is none */
export function migrationVersion(name: string): number {
  const digits = /^(\d{4})-[a-z0-9-]+$/.exec(name)?.[1];
  if (digits === undefined) {
    throw new RangeError(`migration ${JSON.stringify(name)} is not named like 0001-initial`);
  }
  return Number(digits);
}
