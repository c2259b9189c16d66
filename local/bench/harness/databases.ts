import { prepareDatabase } from '@taskflow/migrate';
import pg from 'pg';
import { rolePasswords, type Servers } from './servers.ts';

/** A database beside the one of the API. */
export interface BenchDatabase {
  /** As superuser. */
  readonly adminUrl: string;
  /** For the program under test: as the role of the API when it is migrated, else as superuser. */
  readonly url: string;
}

/** Makes an empty database, in the place of an older one of that name. */
export async function openBenchDatabase(
  { admin, adminUrl }: Servers,
  name: string,
  options: { readonly isMigrated: boolean },
): Promise<BenchDatabase> {
  await admin.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`);
  await admin.query(`create database ${pg.escapeIdentifier(name)}`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  const own = url.href;
  if (!options.isMigrated) {
    return { adminUrl: own, url: own };
  }
  await prepareDatabase({ adminUrl: own, passwords: rolePasswords, log: () => undefined });
  url.username = 'taskflow_app';
  url.password = rolePasswords.app;
  return { adminUrl: own, url: url.href };
}
