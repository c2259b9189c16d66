import { z } from 'zod';
import { defineRoutes, pageOf, pageQuery, pathId } from '../http/index.ts';
import { mailSchema, mailStates, mailSummarySchema } from './schemas.ts';

const params = z.strictObject({ id: pathId });
const unsubscribeParams = z.strictObject({ token: z.string() });

/** Routes of mails: for instance operators, and for whoever wants no more of them. */
export const mailRoutes = defineRoutes({
  'GET /mails': {
    summary: 'Mails of the instance, newest first; for its operators',
    tag: 'Operations',
    auth: 'admin',
    query: z.strictObject({ ...pageQuery, state: z.enum(mailStates).optional() }),
    success: { status: 200, body: pageOf(mailSummarySchema) },
  },
  'GET /mails/{id}': {
    summary: 'One mail with its text; links that let somebody in are left out',
    tag: 'Operations',
    auth: 'admin',
    params,
    success: { status: 200, body: mailSchema },
  },
  'POST /mails/{id}/resend': {
    summary: 'Send a mail that failed, was held back, or went astray once more',
    tag: 'Operations',
    auth: 'admin',
    params,
    success: { status: 200, body: mailSchema },
  },
  'GET /mail/unsubscribe/{token}': {
    summary: 'The page behind the List-Unsubscribe link of a mail',
    tag: 'Mail',
    auth: 'public',
    params: unsubscribeParams,
    success: { status: 200, mediaType: 'text/html' },
  },
  'POST /mail/unsubscribe/{token}': {
    summary: 'Get no more mails of this kind: one-click by RFC 8058',
    tag: 'Mail',
    auth: 'public',
    params: unsubscribeParams,
    success: { status: 200, body: z.strictObject({ topic: z.string() }) },
    secret: true,
  },
});
