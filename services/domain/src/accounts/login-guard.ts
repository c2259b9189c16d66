/** Counts wrong passwords. A key names who tries what: an account and an address. */
export interface LoginGuard {
  /** @throws DomainError `too_many_requests` when the key has failed too often lately */
  check(key: string): Promise<void>;
  failed(key: string): Promise<void>;
  succeeded(key: string): Promise<void>;
}
