import type { Domain } from '@taskflow/domain';
import { type Endpoint, read, write } from '../http/endpoint.ts';
import { noContent, ok, page, value } from '../http/reply.ts';

/** A person's inbox, what they want in it, and which tasks they watch. */
export const notificationEndpoints = ({
  inbox,
  preferences,
  watchers,
}: Pick<Domain, 'inbox' | 'preferences' | 'watchers'>): Endpoint[] => [
  read('GET /notifications', 'caller', async ({ access, query }) => page(await inbox.list(access, query))),
  read('GET /notifications/count', 'caller', async ({ access }) => value({ unread: await inbox.countUnread(access) })),
  write('POST /notifications/read', 'caller', async ({ unit, access, body }) => {
    await (body.ids === undefined ? inbox.readAll(unit, access) : inbox.read(unit, access, body.ids));
    return value({ unread: await inbox.countUnread(access, unit) });
  }),
  read('GET /me/preferences', 'caller', async ({ access }) => ok(await preferences.get(access))),
  write('PATCH /me/preferences', 'caller', async ({ unit, access, body, ifMatch }) =>
    ok(await preferences.update(unit, access, body, ifMatch)),
  ),
  read('GET /tasks/{id}/watch', 'task', async ({ access }) => value({ watching: await watchers.isWatching(access) })),
  write('PUT /tasks/{id}/watch', 'task', async ({ unit, access }) => {
    await watchers.set(unit, access, true);
    return noContent();
  }),
  write('DELETE /tasks/{id}/watch', 'task', async ({ unit, access }) => {
    await watchers.set(unit, access, false);
    return noContent();
  }),
];
