import { en } from './en.ts';

/** A message, or its two forms. */
type Message = string | { readonly one: string; readonly other: string };
type AnyCatalogue = Readonly<Record<string, Message>>;
/** The name of a message. */
export type MessageKey = keyof typeof en;

type Placeholder<Text> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Placeholder<Rest> : never;
type Forms<Text> = Text extends { other: string } ? Text[keyof Text] : Text;
type Values<Text> = Record<Placeholder<Forms<Text>>, string | number>;
type Arguments<Text> = Placeholder<Forms<Text>> extends never ? [] : [values: Values<Text>];

const plural = new Intl.PluralRules('en');

function textOf(message: Message | undefined, values: Record<string, string | number>): string {
  if (message === undefined || typeof message === 'string') return message ?? '';
  return plural.select(Number(values['count'])) === 'one' ? message.one : message.other;
}

/**
 * Makes the `t` of a catalogue: the text of a message with its `{placeholders}` filled in. Messages with `one` and
 * `other` forms choose by `count`. The compiler asks for exactly the placeholders that the message has.
 */
export function createTranslate<Catalogue extends AnyCatalogue>(catalogue: Catalogue) {
  return <Key extends keyof Catalogue & string>(key: Key, ...[values]: Arguments<Catalogue[Key]>): string => {
    const filled: Record<string, string | number> = values ?? {};
    return textOf(catalogue[key], filled).replace(/\{(\w+)\}/g, (whole, name: string) => String(filled[name] ?? whole));
  };
}

/** The text of a message that every page has at hand. */
export const t = createTranslate(en);
