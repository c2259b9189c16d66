/** Waits and limits of a hub. */
export interface LiveHubSettings {
  /** How often to look for activity while Redis does not tell, and shortly after. */
  readonly pollMs: number;
  /** How often to look although Redis tells: a wake-up may be lost on the way from another process. */
  readonly lookMs: number;
  /** How long after Redis came back to go on looking as if it were away: other processes find back later. */
  readonly distrustMs: number;
  readonly heartbeatMs: number;
  /** How often to ask whether sessions, tokens and memberships still hold. */
  readonly recheckMs: number;
  /** How long a reader may take nothing before it is dropped. */
  readonly stallMs: number;
  readonly streamsPerPerson: number;
  /** The largest gap that is sent again; whoever missed more reads everything anew. */
  readonly maxGap: number;
}

/** What a hub waits and allows unless told otherwise. */
export const defaultSettings: LiveHubSettings = {
  pollMs: 1_500,
  lookMs: 10_000,
  distrustMs: 15_000,
  heartbeatMs: 20_000,
  recheckMs: 15_000,
  stallMs: 5_000,
  streamsPerPerson: 20,
  maxGap: 1_000,
};
