import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadPrograms } from './program-file.ts';

const BUILT_IN = {
  api: { command: 'node', args: ['api'], env: { PORT: '8000', LOG_LEVEL: 'info' } },
  web: { command: 'node', args: ['web'] },
};

let directory: string;
let file: string;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'taskflow-programs-'));
  file = path.join(directory, 'programs.json');
});

afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

async function load(content: unknown): Promise<Awaited<ReturnType<typeof loadPrograms>>> {
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  return loadPrograms(BUILT_IN, file);
}

describe('loadPrograms', () => {
  it('changes nothing without a file', async () => {
    expect(Object.keys(await loadPrograms(BUILT_IN, file))).toEqual(['api', 'web']);
  });

  it('replaces fields, joins variables, adds and removes programs', async () => {
    const programs = await load({
      programs: { api: { env: { LOG_LEVEL: 'debug' }, instances: 2 }, web: null, tool: { command: 'sh' } },
    });
    expect(programs).toMatchObject({
      api: { command: 'node', args: ['api'], env: { PORT: '8000', LOG_LEVEL: 'debug' }, instances: 2 },
      tool: { command: 'sh' },
    });
    expect(programs['web']).toBeUndefined();
  });

  it('names what is wrong by its path', async () => {
    await expect(load({ programs: { api: { restart: 'sometimes' } } })).rejects.toThrow('programs.api.restart:');
    await expect(load({ programs: { api: 1 } })).rejects.toThrow('programs.api:');
    await expect(load({ program: {} })).rejects.toThrow('program');
    await expect(load('{')).rejects.toThrow(`${file}: is not JSON`);
  });
});
