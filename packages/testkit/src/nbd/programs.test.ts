import { afterEach, describe, expect, test, vi } from 'vitest';
import { assertProgram, hasProgram, lacks } from './programs.ts';

describe('programs', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });

  test('an absent one is an error that names its package', () => {
    vi.stubEnv('PATH', '/nowhere');

    expect(hasProgram('qemu-nbd')).toBe(false);
    expect(() => assertProgram('qemu-nbd')).toThrow('qemu-nbd is not installed (Debian package qemu-utils)');
  });

  test('by hand, tests that lack one are skipped with a reason', () => {
    vi.stubEnv('PATH', '/nowhere');
    vi.stubEnv('CI', '');
    vi.stubEnv('FAIRLEAD_TEST_ALL', '');
    const printed = vi.spyOn(process.stderr, 'write').mockReturnValue(true);

    expect(lacks('nbdkit', 'nbdcopy')).toBe(true);
    expect(printed).toHaveBeenCalledWith(
      'skipped: nbdkit is not installed (Debian package nbdkit); nbdcopy is not installed (Debian package libnbd-bin)\n',
    );
  });

  test.each(['CI', 'FAIRLEAD_TEST_ALL'])('under %s they fail instead', (name) => {
    vi.stubEnv('PATH', '/nowhere');
    vi.stubEnv('CI', '');
    vi.stubEnv(name, '1');

    expect(() => lacks('nbdkit')).toThrow('nbdkit is not installed');
  });

  test('none is lacking if all are there', () => {
    expect(lacks('node')).toBe(false);
  });
});
