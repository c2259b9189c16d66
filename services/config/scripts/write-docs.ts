import { readFileSync, writeFileSync } from 'node:fs';
import { path as documentPath, withGeneratedTables } from './configuration-document.ts';

/** Writes the tables of docs/configuration.md anew; the text around them stays. */
writeFileSync(documentPath, withGeneratedTables(readFileSync(documentPath, 'utf8')));
