import { hash } from '@node-rs/argon2';
import { afterAll, describe, expect, it } from 'vitest';
import { createPasswords } from './passwords.ts';

describe('createPasswords', () => {
  const passwords = createPasswords();
  afterAll(() => passwords.close());

  it('recognises the password and no other', async () => {
    const encoded = await passwords.inTurn(({ hash: hashIt }) => hashIt('correct horse'));
    expect(await passwords.inTurn(({ verify }) => verify(encoded, 'correct horse'))).toBe(true);
    expect(await passwords.inTurn(({ verify }) => verify(encoded, 'correct horsf'))).toBe(false);
  });

  it('recognises the password of a hash that was made before hashing had a thread', async () => {
    const encoded = await hash(Buffer.from('pässwörd'), { memoryCost: 19_456, timeCost: 2, parallelism: 1 });
    expect(await passwords.inTurn(({ verify }) => verify(encoded, 'pässwörd'))).toBe(true);
    expect(passwords.isOutdated(encoded)).toBe(false);
  });

  it('takes composed and decomposed letters for the same', async () => {
    const encoded = await passwords.inTurn(({ hash: hashIt }) => hashIt('caf\u00e9 caf\u00e9'));
    expect(await passwords.inTurn(({ verify }) => verify(encoded, 'cafe\u0301 cafe\u0301'))).toBe(true);
  });

  it('computes a full hash when there is none to compare with, and says no', async () => {
    const none = await passwords.inTurn(({ verify }) => Promise.all([verify(null, ''), verify(undefined, 'x')]));
    expect(none).toEqual([false, false]);
  });

  it('knows hashes of other costs', async () => {
    const encoded = await passwords.inTurn(({ hash: hashIt }) => hashIt('correct horse'));
    expect(passwords.isOutdated(encoded)).toBe(false);
    expect(passwords.isOutdated(await hash('x', { memoryCost: 8_192, timeCost: 2, parallelism: 1 }))).toBe(true);
  });
});
