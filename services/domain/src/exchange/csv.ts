/** What may stand in a cell. */
export type CsvValue = string | number | null;

/** Tells spreadsheets that the file is UTF-8. */
export const byteOrderMark = '\uFEFF';

/**
 * What a spreadsheet would run instead of show: see OWASP, "CSV Injection". The apostrophe in front of it makes it a
 * text there, and is taken away again by {@link unguarded}.
 */
const formula = /^[=+\-@\t\r\n]/;
const guardedFormula = /^'+[=+\-@\t\r\n]/;
const plainNumber = /^-?\d+(?:\.\d+)?$/;

/** A line of CSV as RFC 4180 has it. Nothing in it is a formula. */
export function csvLine(values: readonly CsvValue[]): string {
  return `${values.map(cell).join(',')}\r\n`;
}

/** The text of a cell as it was before it was guarded. */
export const unguarded = (text: string): string => (guardedFormula.test(text) ? text.slice(1) : text);

function cell(value: CsvValue): string {
  if (value === null) {
    return '';
  }
  const text = typeof value === 'number' ? String(value) : guarded(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

// a text that was guarded already is guarded once more, so that it comes back as it was
const guarded = (text: string): string =>
  (formula.test(text) && !plainNumber.test(text)) || guardedFormula.test(text) ? `'${text}` : text;
