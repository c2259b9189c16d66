import { describe, expect, it } from 'vitest';
import { scramVerifier } from './scram-verifier.ts';

describe('scramVerifier', () => {
  it('is what PostgreSQL stores for the example of RFC 7677', () => {
    const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64');
    expect(scramVerifier('pencil', salt)).toBe(
      'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=',
    );
  });

  it('differs each time, since the salt does', () => {
    expect(scramVerifier('pencil')).not.toBe(scramVerifier('pencil'));
  });

  it('refuses what SASLprep might change', () => {
    expect(() => scramVerifier('päss')).toThrow(RangeError);
  });
});
