import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { InvalidProgramsError, parsePrograms, startOrder } from './program.ts';

function problemsOf(definitions: unknown): readonly string[] {
  try {
    parsePrograms(definitions);
    return [];
  } catch (error) {
    if (error instanceof InvalidProgramsError) {
      return error.problems.map((problem) => `${problem.path}: ${problem.message}`);
    }
    throw error;
  }
}

describe('parsePrograms', () => {
  it('names every problem by its path', () => {
    expect(
      problemsOf({
        api: { command: 'node', stopTimeoutMs: 'soon', unknown: 1 },
        Web: { command: 'node' },
        db: { command: 'node', readiness: { kind: 'log', pattern: '(' } },
      }).map((problem) => problem.split(':')[0]),
    ).toEqual(['programs.api.stopTimeoutMs', 'programs.api', 'programs.Web', 'programs.db.readiness.pattern']);
  });

  it('refuses what the operating system would refuse', () => {
    expect(problemsOf({ api: { command: 'a\0b', args: ['\0'], env: { A: '\0', 'B=C': '' }, cwd: '' } })).toHaveLength(
      5,
    );
  });

  it('refuses a dependency that does not exist', () => {
    expect(problemsOf({ api: { command: 'node', dependsOn: ['db'] } })).toEqual([
      'programs.api.dependsOn.0: there is no program "db"',
    ]);
  });

  it('refuses dependencies that form a circle', () => {
    const definitions = {
      a: { command: 'x', dependsOn: ['b'] },
      b: { command: 'x', dependsOn: ['c'] },
      c: { command: 'x', dependsOn: ['a'] },
    };
    expect(problemsOf(definitions)).toEqual(['programs.a.dependsOn: is a circle: a -> b -> c -> a']);
  });
});

describe('the documentation', () => {
  it('names every field of a program', async () => {
    const page = await readFile(path.join(import.meta.dirname, '../../../docs/one-machine.md'), 'utf8');
    const fields = Object.keys(parsePrograms({ any: { command: 'x', cwd: '/' } })['any'] ?? {});
    expect(fields.length).toBeGreaterThan(15);
    expect(fields.filter((field) => !page.includes(`\`${field}\``))).toEqual([]);
  });
});

describe('startOrder', () => {
  it('puts every program after its dependencies', () => {
    const programs = parsePrograms({
      web: { command: 'x', dependsOn: ['api'] },
      api: { command: 'x', dependsOn: ['db', 'cache'] },
      cache: { command: 'x' },
      db: { command: 'x' },
    });
    expect(startOrder(programs)).toEqual(['db', 'cache', 'api', 'web']);
  });
});
