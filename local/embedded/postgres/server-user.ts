import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { findOnPath } from '../find-on-path.ts';

/**
 * As whom the server runs. PostgreSQL refuses to run as root, so root hands it to an unprivileged user.
 */
export interface ServerUser {
  /** Who owns the data; undefined: the caller, nothing to change. */
  readonly owner: UserIds | undefined;
  /** Ids to start the process with; undefined when the prefix sees to it or nothing is to change. */
  readonly spawnAs: UserIds | undefined;
  /** Command that has to stand before the server's own, with its arguments; empty when none is needed. */
  readonly prefix: readonly string[];
}

/** A user and its group, as numbers. */
export interface UserIds {
  readonly uid: number;
  readonly gid: number;
}

const CANDIDATES = ['postgres', 'nobody'];

/**
 * Decides who runs the server so that it can enter every folder named.
 *
 * Root picks the user `postgres`, else `nobody`. Where that user cannot enter a folder (a checkout below /root,
 * a private temporary folder), the server runs as that user with the one capability it needs to pass.
 *
 * @param folders folders the server has to enter
 * @throws when root has no way to let the user in
 */
export async function chooseServerUser(folders: readonly string[]): Promise<ServerUser> {
  if (process.getuid?.() !== 0) {
    return { owner: undefined, spawnAs: undefined, prefix: [] };
  }
  const user = await findUser();
  const blocked = await firstBlocked(folders, user);
  if (blocked === undefined) {
    return { owner: user, spawnAs: user, prefix: [] };
  }
  const setpriv = await findOnPath('setpriv');
  if (setpriv === undefined) {
    throw new Error(
      `PostgreSQL does not run as root, and the user it would run as (id ${user.uid}) cannot enter ${blocked}. ` +
        'Run this as another user, or move it to a folder that others may enter (chmod o+x).',
    );
  }
  const prefix = [
    setpriv,
    `--reuid=${user.uid}`,
    `--regid=${user.gid}`,
    '--clear-groups',
    // Otherwise access(2), by which PostgreSQL looks at its own programs, ignores the capability.
    '--securebits=+no_setuid_fixup',
    '--inh-caps=-all,+dac_override',
    '--ambient-caps=-all,+dac_override',
  ];
  return { owner: user, spawnAs: undefined, prefix };
}

async function findUser(): Promise<UserIds> {
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  for (const name of CANDIDATES) {
    const fields = lines.find((line) => line[0] === name);
    if (fields !== undefined) {
      return { uid: Number(fields[2]), gid: Number(fields[3]) };
    }
  }
  throw new Error(`PostgreSQL does not run as root, and this machine has no user ${CANDIDATES.join(' or ')}.`);
}

async function firstBlocked(folders: readonly string[], user: UserIds): Promise<string | undefined> {
  for (const folder of folders) {
    for (let current = path.resolve(folder); ; current = path.dirname(current)) {
      const info = await stat(current).catch(() => undefined);
      if (info !== undefined && !mayEnter(info, user)) {
        return current;
      }
      if (path.dirname(current) === current) {
        break;
      }
    }
  }
  return undefined;
}

function mayEnter(info: { mode: number; uid: number; gid: number }, user: UserIds): boolean {
  if (info.uid === user.uid) {
    return (info.mode & 0o100) !== 0;
  }
  if (info.gid === user.gid) {
    return (info.mode & 0o010) !== 0;
  }
  return (info.mode & 0o001) !== 0;
}
