import { z } from 'zod';
import { id } from '../http/index.ts';

/** `project.export`: everything of a project as a ZIP of JSON and CSV. */
export const projectExportPayload = z.strictObject({ projectId: id });
/** See {@link projectExportPayload}. */
export type ProjectExportPayload = z.infer<typeof projectExportPayload>;
