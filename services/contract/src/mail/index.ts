export { mailRoutes } from './routes.ts';
export {
  type Mail,
  type MailKind,
  mailKinds,
  mailSchema,
  type MailState,
  mailStates,
  type MailSummary,
  mailSummarySchema,
  type SuppressedReason,
} from './schemas.ts';
