import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

function isExported(statement: ts.Statement): boolean {
  const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
  return modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
}

function nameOf(statement: ts.Statement): string {
  if (ts.isVariableStatement(statement)) return statement.declarationList.declarations[0]?.name.getText() ?? '';
  return ts.isDeclarationStatement(statement) ? (statement.name?.getText() ?? '') : '';
}

/** Names that `text` exports without a TSDoc comment; one comment is enough for all overloads of a function. */
function undocumentedExports(path: string, text: string): string[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const exported = source.statements.filter(isExported);
  const documented = new Set(exported.filter((one) => ts.getJSDocCommentsAndTags(one).length > 0).map(nameOf));
  return [...new Set(exported.map(nameOf))].filter((name) => !documented.has(name));
}

describe('documentation', () => {
  it('stands at every export of every TypeScript module', () => {
    const paths = globSync('{services/*/src,frontend/src,local}/**/*.ts', { cwd: root });
    const undocumented = paths
      .filter((path) => !path.endsWith('.test.ts') && !path.includes('node_modules'))
      .flatMap((path) =>
        undocumentedExports(path, readFileSync(join(root, path), 'utf8')).map((name) => `${path}: ${name}`),
      );
    expect(undocumented).toEqual([]);
  });

  it('is missed where it is missing', () => {
    expect(undocumentedExports('a.ts', '/** Says. */\nexport const a = 1;\nexport const b = 2;')).toEqual(['b']);
  });

  it('is asked for once for all overloads', () => {
    const text =
      '/** Says. */\nexport function f(a: 1): 1;\nexport function f(a: 2): 2;\nexport function f(a: 1 | 2): 1 | 2 { return a; }';
    expect(undocumentedExports('a.ts', text)).toEqual([]);
  });
});
