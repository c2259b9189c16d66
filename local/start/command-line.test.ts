import { describe, expect, it } from 'vitest';
import { parseStartOptions, UsageError } from './command-line.ts';

describe('parseStartOptions', () => {
  it('leaves everything to the defaults when nothing is said', () => {
    expect(parseStartOptions([])).toEqual({
      help: false,
      dev: false,
      fresh: false,
      demo: undefined,
      port: undefined,
      host: undefined,
    });
  });

  it('understands every option', () => {
    expect(parseStartOptions(['--fresh', '--no-demo', '--port', '8080', '--dev', '--host', '0.0.0.0'])).toMatchObject({
      fresh: true,
      demo: false,
      port: 8080,
      dev: true,
      host: '0.0.0.0',
    });
  });

  it('refuses what it does not understand and says what', () => {
    expect(() => parseStartOptions(['--port', 'x'])).toThrow('--port takes a number from 0 to 65535, not "x"');
    expect(() => parseStartOptions(['--prot', '1'])).toThrow(UsageError);
    expect(() => parseStartOptions(['stray'])).toThrow(UsageError);
  });
});
