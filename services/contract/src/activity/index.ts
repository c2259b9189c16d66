export { activityRoutes } from './routes.ts';
export {
  type Activity,
  type ActivityType,
  type LiveEvent,
  activitySchema,
  activityTypes,
  liveEventSchema,
} from './schemas.ts';
