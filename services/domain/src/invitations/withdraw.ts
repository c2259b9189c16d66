import { type Executor, sql } from '@taskflow/db';

/** Revokes what somebody invited others with and nobody has used: their word no longer counts here. */
export async function withdrawInvitationsOf(tx: Executor, workspaceId: string, userId: string): Promise<void> {
  await tx.query(sql`
    update invitations set revoked_at = now()
    where workspace_id = ${workspaceId} and invited_by = ${userId}::uuid and accepted_at is null and revoked_at is null`);
}
