/**
 * How dates, lists and plurals are written: the person's own kind of English, so that a British reader gets 18:30 and
 * not 6:30 PM. Other languages come with their own catalogue of messages.
 */
export const locale = navigator.languages.find((language) => language === 'en' || language.startsWith('en-')) ?? 'en';
