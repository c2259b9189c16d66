import { en } from '../../lib/messages/en.ts';
import { createTranslate } from '../../lib/messages/translate.ts';
import { operations } from './messages.ts';

/** The texts of operations and of every page; those of operations are loaded with its pages. */
export const t = createTranslate({ ...en, ...operations });
