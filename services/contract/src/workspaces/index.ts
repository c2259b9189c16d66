export { workspaceRoutes } from './routes.ts';
export {
  type Invitation,
  type InvitationPreview,
  type Label,
  type Member,
  type Workspace,
  type WorkspaceRole,
  invitationPreviewSchema,
  invitationSchema,
  labelSchema,
  memberSchema,
  newInvitationSchema,
  workspaceName,
  workspaceRoles,
  workspaceSchema,
} from './schemas.ts';
