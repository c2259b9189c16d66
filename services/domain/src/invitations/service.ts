import type { WorkspaceRole } from '@taskflow/contract/workspaces';
import { type Executor, one, sql } from '@taskflow/db';
import type { CallerAccess, WorkspaceAccess } from '../access/access.ts';
import { authorize } from '../access/can.ts';
import type { Document, DocumentPage } from '../core/document.ts';
import { DomainError, notFound } from '../core/errors.ts';
import { idPage, type PageQuery } from '../core/id-page.ts';
import { isId } from '../core/ids.ts';
import { hashSecret } from '../core/secrets.ts';
import type { UnitOfWork } from '../core/unit-of-work.ts';
import type { MailAllowance } from '../mail/allowance.ts';
import type { MailQueue } from '../mail/mail-queue.ts';
import { invitationMail } from '../mail/templates/invitation.ts';
import { tellInvited } from '../notifications/invited.ts';
import { readWorkspace } from '../workspaces/json.ts';
import { admit, type Invitee, invitationSpent } from './admit.ts';
import {
  insertInvitation,
  isMemberByEmail,
  listWaiting,
  preview,
  readNames,
  revokeWaiting,
  visibleProjectIds,
} from './repository.ts';

/** Whom to invite, as what, and into which projects. */
export interface InvitationInput {
  readonly email: string;
  readonly role: Exclude<WorkspaceRole, 'owner'>;
  readonly projectIds?: readonly string[] | undefined;
}

/** Invitations by link: whoever follows it first may join. The address says for whom it was meant. */
export interface InvitationService {
  /** Those that wait. @throws DomainError `forbidden` */
  list(access: WorkspaceAccess, query: PageQuery): Promise<DocumentPage>;
  /**
   * Makes a link that is good for 7 days and one person, and mails it to the address; the answer's `url` is the only
   * other copy of it.
   *
   * @throws DomainError `forbidden`; `conflict` when the address belongs to a member; `invalid` for projects that are
   * not there; `too_many_requests` when the caller has invited very many people lately
   */
  create(
    unit: UnitOfWork,
    access: WorkspaceAccess,
    input: InvitationInput,
  ): Promise<{ readonly id: string; readonly json: string }>;
  /** @throws DomainError `forbidden`, `not_found` when it waits no more */
  revoke(unit: UnitOfWork, access: WorkspaceAccess, id: string): Promise<void>;
  /** What a link is for. @throws DomainError `not_found`, `invitation_spent` */
  preview(token: string): Promise<{ readonly json: string }>;
  /**
   * Joins. Following a link again is harmless to whoever is in the workspace already; nobody is made less by it.
   *
   * @throws DomainError `not_found`, `invitation_spent`
   */
  accept(unit: UnitOfWork, access: CallerAccess, token: string): Promise<Document>;
  /** @throws DomainError `invitation_spent` for a token that no waiting invitation has */
  assertWaiting(token: string): Promise<void>;
  /** Lets in somebody who is just being registered. @throws DomainError `invitation_spent` */
  admit(unit: UnitOfWork, invitee: Invitee, token: string): Promise<void>;
}

const ttlDays = 7;

/** @param options.linkTo makes the address that a token is shared as */
export function createInvitationService(options: {
  readonly executor: Executor;
  readonly newId: () => string;
  readonly newSecret: () => string;
  readonly linkTo: (token: string) => string;
  readonly mails: MailQueue;
  readonly mailAllowance: MailAllowance;
}): InvitationService {
  const { executor, newId, newSecret, linkTo, mails, mailAllowance } = options;

  /** Nobody uses the instance to write to all the world. */
  async function spendMail(userId: string): Promise<void> {
    const { allowed, resetSeconds } = await mailAllowance.spend('invitation', userId);
    if (!allowed) {
      throw new DomainError('too_many_requests', 'You have invited very many people lately', {
        retryAfterSeconds: resetSeconds,
      });
    }
  }

  async function sendLink(unit: UnitOfWork, { caller, workspace }: WorkspaceAccess, email: string, link: string) {
    const { inviterName, workspaceName } = await readNames(unit, caller.userId, workspace.id);
    const draft = invitationMail({ inviterName, workspaceName, validDays: ttlDays, link });
    await mails.queue(unit, draft, { address: email, workspaceId: workspace.id, requestedBy: caller.userId });
  }

  return {
    async list(access, query) {
      authorize(access, 'workspace.invite');
      const { workspace } = access;
      const page = idPage(query, ['invitations', workspace.id]);
      return page.toPage(await listWaiting(executor, workspace.id, page));
    },

    async create(unit, access, { email, role, projectIds = [] }) {
      authorize(access, 'workspace.invite');
      const ids = [...new Set(projectIds)];
      await assertVisible(unit, access, projectIds);
      if (await isMemberByEmail(unit, access.workspace.id, email)) {
        throw new DomainError('conflict', 'Somebody with this address is a member already');
      }
      if (mails.sendsMail) {
        await spendMail(access.caller.userId);
      }
      const id = newId();
      const token = newSecret();
      const invitation = { id, email, role, projectIds: ids, tokenHash: hashSecret(token), ttlDays };
      const { json } = await insertInvitation(unit, access, invitation, linkTo(token));
      await sendLink(unit, access, email, linkTo(token));
      await tellInvited(unit, {
        notificationId: newId(),
        invitationId: id,
        workspaceId: access.workspace.id,
        email,
        invitedBy: access.caller.userId,
      });
      return { id, json };
    },

    async revoke(unit, access, id) {
      authorize(access, 'workspace.invite');
      if (!isId(id) || !(await revokeWaiting(unit, access.workspace.id, id))) {
        throw notFound();
      }
    },

    async preview(token) {
      const found = await preview(executor, hashSecret(token));
      if (found === undefined) {
        throw notFound();
      }
      if (found.json === null) {
        throw invitationSpent();
      }
      return { json: found.json };
    },

    async accept(unit, { caller }, token) {
      const workspaceId = await admit(unit, { userId: caller.userId, name: await nameOf(unit, caller.userId) }, token);
      return readWorkspace(unit, caller.userId, workspaceId);
    },

    async assertWaiting(token) {
      const found = await preview(executor, hashSecret(token));
      if (found?.json == null) {
        throw invitationSpent();
      }
    },

    async admit(unit, invitee, token) {
      await admit(unit, invitee, token);
    },
  };
}

async function assertVisible(unit: UnitOfWork, access: WorkspaceAccess, projectIds: readonly string[]): Promise<void> {
  if (projectIds.length === 0) {
    return;
  }
  const visible = await visibleProjectIds(unit, access, projectIds);
  const fields = projectIds.flatMap((id, index) =>
    visible.has(id) ? [] : [{ path: `projectIds.${index}`, message: 'is no project of this workspace' }],
  );
  if (fields.length > 0) {
    throw new DomainError('invalid', undefined, { fields });
  }
}

async function nameOf(unit: UnitOfWork, userId: string): Promise<string> {
  const { name } = await one<{ name: string }>(unit, sql`select name from users where id = ${userId}`);
  return name;
}
