import { byteOrderMark, csvLine, type CsvValue } from '../exchange/csv.ts';

/** A table of a report. */
export interface ReportTable {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly CsvValue[])[];
}

/** What a report says, before it has a form. */
export interface ReportDocument {
  readonly title: string;
  /** What it is about and which time, one line. */
  readonly subtitle: string;
  /** Figures at its top. */
  readonly figures: readonly { readonly label: string; readonly value: number }[];
  readonly tables: readonly ReportTable[];
}

/** Tables one below the other, each under its title, empty lines between. */
export function reportCsv({ title, subtitle, figures, tables }: ReportDocument): string {
  const head = [csvLine([title]), csvLine([subtitle]), ...figures.map(({ label, value }) => csvLine([label, value]))];
  const parts = tables.map(({ title: name, columns, rows }) =>
    [csvLine([name]), csvLine(columns), ...rows.map(csvLine)].join(''),
  );
  return byteOrderMark + [head.join(''), ...parts].join('\r\n');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? '');

const style = `
:root { color-scheme: light; }
body { margin: 2rem auto; max-width: 56rem; padding: 0 1rem; color: #1f2328; font: 15px/1.45 system-ui, sans-serif; }
h1 { margin: 0; font-size: 1.7rem; }
h2 { margin: 2rem 0 .5rem; font-size: 1.1rem; break-after: avoid; }
.subtitle { margin: .25rem 0 1.5rem; color: #5b6270; }
dl { display: flex; flex-wrap: wrap; gap: 1rem 2.5rem; margin: 0; }
dt { color: #5b6270; font-size: .85rem; }
dd { margin: 0; font-size: 1.6rem; font-weight: 600; font-variant-numeric: tabular-nums; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: .35rem .5rem; border-bottom: 1px solid #d5d9e0; text-align: left; overflow-wrap: anywhere; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
tr { break-inside: avoid; }
@media print { body { margin: 0; max-width: none; } }`;

/** A page of its own to read and to print; it runs and loads nothing. */
export function reportHtml({ title, subtitle, figures, tables }: ReportDocument): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title>
<style>${style}
</style>
</head>
<body>
<h1>${escapeHtml(title)}</h1>
<p class="subtitle">${escapeHtml(subtitle)}</p>
<dl>${figures.map(({ label, value }) => `<div><dt>${escapeHtml(label)}</dt><dd>${value}</dd></div>`).join('')}</dl>
${tables.map(tableHtml).join('\n')}
</body>
</html>
`;
}

function tableHtml({ title, columns, rows }: ReportTable): string {
  const head = columns.map(
    (column, index) => `<th scope="col"${numberClass(rows[0]?.[index])}>${escapeHtml(column)}</th>`,
  );
  const body = rows.map(
    (row) =>
      `<tr>${row.map((value) => `<td${numberClass(value)}>${escapeHtml(String(value ?? ''))}</td>`).join('')}</tr>`,
  );
  return `<h2>${escapeHtml(title)}</h2>
${rows.length === 0 ? '<p>Nothing.</p>' : `<table><thead><tr>${head.join('')}</tr></thead><tbody>${body.join('\n')}</tbody></table>`}`;
}

const numberClass = (value: CsvValue | undefined): string => (typeof value === 'number' ? ' class="number"' : '');
