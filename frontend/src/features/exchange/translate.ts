import { en } from '../../lib/messages/en.ts';
import { createTranslate } from '../../lib/messages/translate.ts';
import { exchange } from './messages.ts';

/** The texts of import, export and reports, and of every page. */
export const t = createTranslate({ ...en, ...exchange });
