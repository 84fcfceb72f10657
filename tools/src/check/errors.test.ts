import { describe, expect, test } from 'vitest';
import { manifestOf, plant, told } from '../../test/planted.ts';
import { type ErrorEntry, unionEntries } from '../docs/error-codes.ts';
import { formatErrorReference } from '../docs/error-reference.ts';
import { checkErrors } from './errors.ts';

const spec = { code: 'IMAGE_GONE', status: 404, blame: 'caller', text: 'No image {id}', help: 'Ask for another | image.' } as const;
const entry: ErrorEntry = { code: spec.code, owner: '@fairlead/bridge-image', text: spec.text, spec };
const declaration = ['export const ImageError = defineErrors({', '  IMAGE_GONE: {', '  },', '});'].join('\n');

function check(entries: readonly ErrorEntry[], page: string, source = declaration): string[] {
  const files = { 'src/errors.ts': source, 'src/service/a.ts': "throw ImageError('IMAGE_GONE');" };
  const workspace = plant({ 'bridges/image': { manifest: manifestOf('@fairlead/bridge-image'), files } });
  return told(checkErrors({ workspace, entries, page }).findings);
}

test('a page that lists the codes of the sources has no finding', () => {
  expect(check([entry], formatErrorReference([entry]))).toEqual([]);
});

test('a code that the page does not list is found', () => {
  expect(check([entry], '')).toEqual(['docs/reference/errors.md: IMAGE_GONE is not listed: run ./dev docs']);
});

test('a listed code that no source declares is found', () => {
  const page = formatErrorReference([entry, { ...entry, code: 'IMAGE_OLD' }]);

  expect(check([entry], page)).toEqual(['docs/reference/errors.md: IMAGE_OLD is listed, but no source declares it: run ./dev docs']);
});

test('a page with an old text is found', () => {
  const page = formatErrorReference([{ ...entry, text: 'The old text' }]);

  expect(check([{ ...entry, text: 'x' }], page)).toEqual(['docs/reference/errors.md: is out of date: run ./dev docs']);
});

test('a table that is not exported is found by reading the source', () => {
  const hidden = `${declaration}\nconst Hidden = defineErrors({\n  IMAGE_HIDDEN: {},\n});`;

  expect(check([entry], formatErrorReference([entry]), hidden)).toEqual([
    'bridges/image/src/errors.ts: IMAGE_HIDDEN is declared, but its table is not exported',
  ]);
});

describe('each code', () => {
  test.each([
    [{ ...entry, spec: { ...spec, help: '' } }, 'IMAGE_GONE of @fairlead/bridge-image has no help: say what to do'],
    [{ ...entry, text: '' }, 'IMAGE_GONE of @fairlead/bridge-image says nothing: write its meaning above it'],
  ])('%o is refused', (bad, reason) => {
    expect(check([bad], formatErrorReference([bad]))).toEqual([reason]);
  });

  test('bears the prefix of its package', () => {
    const wrong = { ...entry, code: 'DISK_GONE' };

    expect(check([entry, wrong], formatErrorReference([entry, wrong]))).toContain(
      'DISK_GONE of @fairlead/bridge-image must begin with IMAGE_',
    );
  });

  test('is thrown somewhere', () => {
    const dead = { ...entry, code: 'IMAGE_DEAD' };

    expect(check([entry, dead], formatErrorReference([entry, dead]))).toEqual([
      'IMAGE_DEAD of @fairlead/bridge-image is declared and thrown nowhere',
    ]);
  });
});

describe('codes of packages without the kernel', () => {
  test('a meaning stands above the member', () => {
    const text = "export type NbdErrorCode =\n  /** Nobody listens\n   * there. */\n  | 'NBD_CONNECT'\n  /** Ended. */\n  | 'NBD_CLOSED';";

    expect(unionEntries({ name: 'n' }, text)).toEqual([
      { code: 'NBD_CONNECT', owner: 'n', text: 'Nobody listens there.' },
      { code: 'NBD_CLOSED', owner: 'n', text: 'Ended.' },
    ]);
  });

  test('which may hold a semicolon', () => {
    const text = "export type AErrorCode =\n  /** Over; nothing was sent. */\n  | 'A_ONE'\n  /** Two. */\n  | 'A_TWO';";

    expect(unionEntries({ name: 'n' }, text).map((one) => one.text)).toEqual(['Over; nothing was sent.', 'Two.']);
  });

  test('or in a list above the type', () => {
    const text =
      "/**\n * Words:\n * - `A_ONE`: the first,\n *   and more.\n * - `A_TWO`: the second.\n */\nexport type AErrorCode = 'A_ONE' | 'A_TWO';";

    expect(unionEntries({ name: 'n' }, text).map((one) => one.text)).toEqual(['the first, and more.', 'the second.']);
  });
});
