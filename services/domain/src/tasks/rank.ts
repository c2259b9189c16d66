/**
 * Fractional ranks: texts over digits and letters whose order as plain bytes is the order of the tasks. Between any
 * two there is always another, so moving a task changes only that task.
 *
 * A task that is appended gets a rank made from its number. Numbers only grow, so the next one always comes behind
 * every rank that exists, and no search for the last rank is needed.
 *
 * The idea of order-preserving fractional keys: D. Greenspan, "Implementing Fractional Indexing" (Observable, 2020).
 */
const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const middleDigit = 'V';

/** A rank never ends with the lowest digit: below such a one there would be no room. */
const rankPattern = /^[0-9A-Za-z]*[1-9A-Za-z]$/;

/** Ranks that grew beyond this many characters ask for a fresh spread over the project. */
export const longestRank = 100;

/** Whether a text is a rank. */
export const isRank = (text: string): boolean => rankPattern.test(text);

/** The rank of an appended task, by its number in the project; the create statement makes the same in SQL. */
export function appendedRank(number: number): string {
  return `n${number.toString(16).padStart(8, '0')}${middleDigit}`;
}

/**
 * A rank between two others; undefined stands for the open end.
 *
 * @throws RangeError when `lower` is not before `upper`, or one of them is no rank
 */
export function rankBetween(lower: string | undefined, upper: string | undefined): string {
  if ([lower, upper].some((rank) => rank !== undefined && !isRank(rank))) {
    throw new RangeError('not a rank');
  }
  if (lower !== undefined && upper !== undefined && lower >= upper) {
    throw new RangeError(`${lower} is not before ${upper}`);
  }
  return midpoint(lower ?? '', upper);
}

/** Read as fractions `0.lower` and `0.upper`, where an absent upper is 1: the shortest fraction near the middle. */
function midpoint(lower: string, upper: string | undefined): string {
  let shared = 0;
  if (upper !== undefined) {
    while (shared < upper.length && (lower[shared] ?? digits[0]) === upper[shared]) {
      shared += 1;
    }
  }
  if (upper !== undefined && shared > 0) {
    return upper.slice(0, shared) + midpoint(lower.slice(shared), upper.slice(shared));
  }
  const low = valueOf(lower[0] ?? '0');
  const high = upper === undefined ? digits.length : valueOf(upper[0] ?? '0');
  if (high - low > 1) {
    return digitOf(Math.floor((low + high) / 2));
  }
  if (upper !== undefined && upper.length > 1) {
    return upper.slice(0, 1);
  }
  return digitOf(low) + midpoint(lower.slice(1), undefined);
}

const valueOf = (digit: string): number => digits.indexOf(digit);
const digitOf = (value: number): string => digits.charAt(value);
