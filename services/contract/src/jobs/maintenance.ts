import { z } from 'zod';

/** `maintenance.*`: what there is to do follows from the type alone. */
export const maintenancePayload = z.strictObject({});
