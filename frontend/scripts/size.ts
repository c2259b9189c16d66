import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

/** What a page may load, in kB (1,000 bytes) after gzip: its scripts, and all of its styles. */
interface Budget {
  readonly page: string;
  /** The sources of the pages and frames that the router loads for it, besides the entry. */
  readonly sources: readonly string[];
  readonly scriptKb: number;
  readonly styleKb: number;
}

interface Chunk {
  readonly file: string;
  readonly css?: readonly string[];
  readonly imports?: readonly string[];
}

const entry = 'index.html';
const signedIn = ['src/app/signed-in.tsx', 'src/app/frame/workspace-frame.tsx'];
const budgets: readonly Budget[] = [
  { page: 'sign-in', sources: ['src/features/auth/sign-in-page.tsx'], scriptKb: 150, styleKb: 40 },
  {
    page: 'board',
    sources: [...signedIn, 'src/app/frame/project-frame.tsx', 'src/features/board/board-page.tsx'],
    scriptKb: 230,
    styleKb: 40,
  },
];

const dist = fileURLToPath(new URL('../dist/', import.meta.url));

type Manifest = Readonly<Record<string, Chunk>>;

/** Written by the bundler just before; what is inside of the chunks is the bundler's own contract. */
function isManifest(value: unknown): value is Manifest {
  return typeof value === 'object' && value !== null && entry in value;
}

function readManifest(): Manifest {
  const manifest: unknown = JSON.parse(readFileSync(`${dist}.vite/manifest.json`, 'utf8'));
  if (!isManifest(manifest)) throw new Error(`The manifest of the build does not name ${entry}`);
  return manifest;
}

const sizes = new Map<string, number>();
function gzipKb(file: string): number {
  const known = sizes.get(file) ?? gzipSync(readFileSync(`${dist}${file}`), { level: 9 }).byteLength / 1_000;
  sizes.set(file, known);
  return known;
}

/** The files that a browser fetches for some sources: their chunks and everything that these import statically. */
function filesOf(manifest: Manifest, sources: readonly string[]) {
  const scripts = new Set<string>();
  const styles = new Set<string>();
  const visit = (source: string) => {
    const chunk = manifest[source];
    if (chunk === undefined) throw new Error(`${source} is no chunk of the build; is it still loaded on its own?`);
    if (scripts.has(chunk.file)) return;
    scripts.add(chunk.file);
    for (const file of chunk.css ?? []) styles.add(file);
    for (const imported of chunk.imports ?? []) visit(imported);
  };
  for (const source of sources) visit(source);
  return { scripts, styles };
}

const sum = (files: ReadonlySet<string>) => [...files].reduce((total, file) => total + gzipKb(file), 0);

const manifest = readManifest();
let failed = false;
for (const { page, sources, scriptKb, styleKb } of budgets) {
  const { scripts, styles } = filesOf(manifest, [entry, ...sources]);
  const measured = [
    { kind: 'JavaScript', kb: sum(scripts), budgetKb: scriptKb },
    { kind: 'CSS', kb: sum(styles), budgetKb: styleKb },
  ];
  for (const { kind, kb, budgetKb } of measured) {
    const over = kb > budgetKb;
    failed ||= over;
    process.stdout.write(`${page}: ${kind} ${kb.toFixed(1)} kB of ${budgetKb} kB gzip${over ? '  TOO LARGE' : ''}\n`);
  }
}
process.exitCode = failed ? 1 : 0;
