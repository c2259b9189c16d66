import { describe, expect, it } from 'vitest';
import { createHostResolver, type HostResolverOptions } from './host-resolver.ts';

const unknown = async (): Promise<never> => {
  throw Object.assign(new Error('unknown'), { code: 'ENOTFOUND' });
};
const never = new AbortController().signal;
const local = [{ address: '10.0.0.9', family: 4 }];
const resolver = (more: Partial<HostResolverOptions>) =>
  createHostResolver({ query: { 4: unknown, 6: unknown }, lookup: unknown, ...more });

describe('a host', () => {
  it('has all addresses that name servers tell, and the operating system is not asked', async () => {
    const query = { 4: async () => ['192.0.2.1', '192.0.2.2'], 6: async () => ['2001:db8::1'] };
    expect(await resolver({ query })('hooks.example', never)).toEqual([
      { address: '192.0.2.1', family: 4 },
      { address: '192.0.2.2', family: 4 },
      { address: '2001:db8::1', family: 6 },
    ]);
    expect(await resolver({ query: { 4: unknown, 6: query[6] } })('hooks.example', never)).toEqual([
      { address: '2001:db8::1', family: 6 },
    ]);
  });

  it('that only this machine knows is found all the same', async () => {
    expect(await resolver({ lookup: async () => local })('n8n', never)).toEqual(local);
    await expect(resolver({})('nowhere', never)).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });

  it('that nobody answers for holds few threads, and none any more when its time is over', async () => {
    const asked: string[] = [];
    const answers: (() => void)[] = [];
    const resolve = resolver({
      async lookup(host) {
        asked.push(host);
        await new Promise<void>((done) => {
          answers.push(done);
        });
        return local;
      },
    });
    const controller = new AbortController();
    const [first, second] = [resolve('first', never), resolve('second', never)];
    const third = resolve('third', controller.signal);
    const fourth = resolve('fourth', never);
    await expect.poll(() => asked).toEqual(['first', 'second']);
    controller.abort(new Error('too late'));
    answers.shift()?.();
    await expect(third).rejects.toThrow('too late');
    await expect.poll(() => asked).toEqual(['first', 'second', 'fourth']);
    for (const answer of answers) {
      answer();
    }
    expect(await Promise.all([first, second, fourth])).toEqual([local, local, local]);
    const fifth = resolve('fifth', never);
    await expect.poll(() => asked.at(-1)).toBe('fifth');
    answers.at(-1)?.();
    expect(await fifth).toEqual(local);
  });
});
