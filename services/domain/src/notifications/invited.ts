import { sql } from '@taskflow/db';
import type { UnitOfWork } from '../core/unit-of-work.ts';

/**
 * Tells whoever has an account with this address that they were invited. Nobody learns from it whether there is such
 * an account.
 */
export async function tellInvited(
  unit: UnitOfWork,
  invitation: {
    readonly notificationId: string;
    readonly invitationId: string;
    readonly workspaceId: string;
    readonly email: string;
    readonly invitedBy: string;
  },
): Promise<void> {
  const { notificationId, invitationId, workspaceId, email, invitedBy } = invitation;
  await unit.query(
    sql`
      insert into notifications (id, user_id, workspace_id, kind, thread_id, actor_id, invitation_id)
      select ${notificationId}::uuid, u.id, ${workspaceId}::uuid, 'invited', ${notificationId}::uuid,
        ${invitedBy}::uuid, ${invitationId}::uuid
      from users u where u.email = ${email} and u.id <> ${invitedBy}`,
    { name: 'notification-invited' },
  );
}
