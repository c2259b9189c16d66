/** The `webhook-id` of a message. */
export const newMessageId = (id: string): string => `msg_${id}`;
