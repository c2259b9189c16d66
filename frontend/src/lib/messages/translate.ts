import { en } from './en.ts';

type Catalogue = typeof en;
/** The name of a message. */
export type MessageKey = keyof Catalogue;

type Placeholder<Text> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Placeholder<Rest> : never;
type Forms<Message> = Message extends { other: string } ? Message[keyof Message] : Message;
type Values<Key extends MessageKey> = Record<Placeholder<Forms<Catalogue[Key]>>, string | number>;
type Arguments<Key extends MessageKey> = Placeholder<Forms<Catalogue[Key]>> extends never ? [] : [values: Values<Key>];

const plural = new Intl.PluralRules('en');

function textOf(key: MessageKey, values: Record<string, string | number>): string {
  const message = en[key];
  if (typeof message === 'string') return message;
  return plural.select(Number(values['count'])) === 'one' ? message.one : message.other;
}

/**
 * The text of a message with its `{placeholders}` filled in. Messages with `one` and `other` forms choose by
 * `count`. The compiler asks for exactly the placeholders that the message has.
 */
export function t<Key extends MessageKey>(key: Key, ...[values]: Arguments<Key>): string {
  const filled: Record<string, string | number> = values ?? {};
  return textOf(key, filled).replace(/\{(\w+)\}/g, (whole, name: string) => String(filled[name] ?? whole));
}
