export { projectRoutes } from './routes.ts';
export {
  type Project,
  type ProjectMember,
  type ProjectRole,
  type Status,
  type StatusCategory,
  defaultStatuses,
  projectKey,
  projectMemberSchema,
  projectRoles,
  projectSchema,
  statusCategories,
  statusSchema,
} from './schemas.ts';
