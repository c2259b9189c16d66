export { projectExportPayload, type ProjectExportPayload } from './payloads.ts';
export {
  type CreateReportScheduleBody,
  type ReportGeneratePayload,
  reportGeneratePayload,
  type ReportSchedule,
  reportScheduleSchema,
} from './reports.ts';
export {
  type ColumnMapping,
  type ImportField,
  importFields,
  type ImportFormat,
  importFormats,
  type ImportProblem,
  importProblemSchema,
  maxUploadBytes,
  projectImportPayload,
  type ProjectImportPayload,
  type Upload,
} from './imports.ts';
export { exchangeRoutes } from './routes.ts';
export {
  type AskableType,
  askableTypes,
  type AskedJob,
  askedJobSchema,
  type AskJobBody,
  type StoredFile,
  storedFileSchema,
} from './schemas.ts';
