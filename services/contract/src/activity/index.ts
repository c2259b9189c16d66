export { activityRoutes } from './routes.ts';
export {
  type Activity,
  type ActivityType,
  type LiveEndReason,
  type LiveEvent,
  activitySchema,
  activityTypes,
  liveEndReasons,
  liveEndSchema,
  liveEventSchema,
  livePositionSchema,
} from './schemas.ts';
