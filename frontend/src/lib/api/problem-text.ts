import { en } from '../messages/en.ts';
import { type MessageKey, t } from '../messages/translate.ts';
import { ApiProblem } from './problem.ts';

type PlainKey = 'problem.unknown';

function isMessageKey(key: string): key is MessageKey & PlainKey {
  return Object.hasOwn(en, key);
}

/** What to tell a person about an error: by the problem's code, with the first invalid field where there is one. */
export function problemText(error: unknown): string {
  if (!(error instanceof ApiProblem)) return t('problem.unknown');
  const [first] = error.errors;
  if (error.code === 'invalid' && first !== undefined) return `${first.path}: ${first.message}`;
  if (error.code === 'too_many_requests' && error.retryAfterSeconds !== undefined) {
    return t('problem.too_many_requests.wait', { count: error.retryAfterSeconds });
  }
  // A conflict's own detail says what stands in the way; the general text would not.
  if (error.code === 'conflict' && error.message !== '') return error.message;
  const key = `problem.${error.code}`;
  return isMessageKey(key) ? t(key) : t('problem.unknown');
}
