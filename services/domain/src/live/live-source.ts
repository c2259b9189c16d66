import type { Audience, LiveSubject } from './audience.ts';

/** Something that happened in a workspace, with what it is about as that is now. */
export interface LiveEntry extends LiveSubject {
  readonly number: number;
  /** Somebody may see more or fewer projects than before. */
  readonly changesAccess: boolean;
  /** A `LiveEvent` of the contract, in one line. */
  readonly json: string;
}

/** Which part of a workspace's activity to read. */
export interface LiveRange {
  /** Excluded. */
  readonly after: number;
  /** Included. @default the newest */
  readonly upTo?: number;
  readonly limit: number;
}

/** Somebody who watches a workspace, and by which right. */
export interface Watcher {
  readonly workspaceId: string;
  readonly userId: string;
  readonly credential: 'session' | 'token';
  readonly credentialId: string;
}

/** Why somebody may no longer watch. */
export type LostRight = 'session_ended' | 'membership_ended';

/** What live events read from PostgreSQL. */
export interface LiveSource {
  /** The newest activity of each workspace; 0 for one without any, missing for one that does not exist. */
  lastNumbers(workspaceIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Activity by number, without gaps: what is answered once never gets a predecessor later. */
  read(workspaceId: string, range: LiveRange): Promise<readonly LiveEntry[]>;
  /** Who of these people is in the workspace, and what they see. Nobody is, once it is deleted. */
  audience(workspaceId: string, userIds: readonly string[]): Promise<Audience>;
  /** Those who lost the right to watch, by their place in `watchers`. */
  lostRights(watchers: readonly Watcher[]): Promise<ReadonlyMap<number, LostRight>>;
}
