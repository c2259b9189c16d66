import { DomainError } from '@taskflow/domain';

/** An ETag is `"<version>"` or `"<version>-<what changes without one>"`; a proxy may have made it weak. */
const tagPattern = /^(?:W\/)?"(?<tag>(?<version>\d{1,9})(?:-[\w.-]*)?)"$/;

const tagsOf = (header: string) => header.split(',').map((tag) => tag.trim());

/**
 * The version that If-Match names; undefined without the header and for `*`.
 *
 * @throws DomainError `stale_version` for a tag that no resource of ours can have
 */
export function versionFromIfMatch(header: string | undefined): number | undefined {
  if (header === undefined || header.trim() === '*') {
    return undefined;
  }
  const versions = tagsOf(header).map((tag) => tagPattern.exec(tag)?.groups?.['version']);
  const [version] = versions;
  if (version === undefined || versions.length !== 1) {
    throw new DomainError('stale_version');
  }
  return Number(version);
}

/** Whether If-None-Match says that the caller has this very representation (RFC 9110, weak comparison). */
export function isNotModified(header: string | undefined, etag: string | undefined): boolean {
  if (header === undefined || etag === undefined) {
    return false;
  }
  return header.trim() === '*' || tagsOf(header).some((tag) => tagPattern.exec(tag)?.groups?.['tag'] === etag);
}
