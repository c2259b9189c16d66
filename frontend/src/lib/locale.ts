/** Whether a browser's language is a kind of English that it can write dates in; some report tags that are none. */
function isUsableEnglish(language: string): boolean {
  try {
    return new Intl.Locale(language).language === 'en' && Intl.DateTimeFormat.supportedLocalesOf(language).length > 0;
  } catch {
    return false;
  }
}

/**
 * The person's own kind of English, so that a British reader gets 18:30 and not 6:30 PM; plain English where the
 * browser names none. Other languages come with their own catalogue of messages.
 */
export const englishOf = (languages: readonly string[]): string =>
  languages.find((language) => isUsableEnglish(language)) ?? 'en';

/** How dates and lists are written. */
export const locale = englishOf(navigator.languages);
