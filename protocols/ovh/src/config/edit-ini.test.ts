import { fuzz, hostileText, refusedWith } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ConfigurationError } from '../errors/errors.ts';
import { editIni } from './edit-ini.ts';
import { findSection, parseIni } from './ini.ts';

const TEXT = `; mine
[default]
endpoint = ovh-eu

[ovh-eu]
# made by hand
Application_Key: AK   ; of 2026
consumer_key=old

[ovh-ca]
consumer_key=kept
`;

test('X25: a value is changed where it stands, with its spelling, sign and comment; the rest stays', () => {
  expect(editIni(TEXT, 'ovh-eu', { consumer_key: 'new', application_key: 'AK2' })).toBe(
    TEXT.replace('consumer_key=old', 'consumer_key=new').replace('AK   ;', 'AK2   ;'),
  );
});

test('nothing of a value in quotes stays behind as a comment', () => {
  expect(editIni('[s]\nk = "a ; b" ; c\n', 's', { k: 'v' })).toBe('[s]\nk = v ; c\n');
});

test('new keys come after the last one of their section', () => {
  expect(editIni(TEXT, 'OVH-EU', { client_id: 'I' })).toBe(TEXT.replace('=old\n', '=old\nclient_id = I\n'));
  expect(editIni('[s]\n\n[t]\nk=v\n', 's', { a: '1' })).toBe('[s]\na = 1\n\n[t]\nk=v\n');
});

test('a section that is not there is made at the end', () => {
  expect(editIni(TEXT, 'profile:work', { endpoint: 'ovh-us', consumer_key: 'CK' })).toBe(
    `${TEXT}\n[profile:work]\nendpoint = ovh-us\nconsumer_key = CK\n`,
  );
  expect(editIni('', 'ovh-eu', { consumer_key: 'CK' })).toBe('[ovh-eu]\nconsumer_key = CK\n');
});

test('an undefined value takes the key away, and makes no section', () => {
  expect(editIni(TEXT, 'ovh-eu', { consumer_key: undefined })).toBe(TEXT.replace('consumer_key=old\n', ''));
  expect(editIni(TEXT, 'absent', { consumer_key: undefined })).toBe(TEXT);
});

test('line ends of the file are kept', () => {
  expect(editIni('[s]\r\nk=1\r\n', 's', { k: '2', j: '3' })).toBe('[s]\r\nk=2\r\nj = 3\r\n');
});

test('a value that cannot stand in a file is refused without being shown', () => {
  for (const value of ['hush\n[evil]', 'hush\r', `" ;hush' #`]) {
    expect(() => editIni(TEXT, 'ovh-eu', { consumer_key: value })).toThrow(ConfigurationError);
    expect(() => editIni(TEXT, 'ovh-eu', { consumer_key: value })).not.toThrow(/hush/);
  }
  expect(() => editIni('[open', 's', { k: 'v' })).toThrow(ConfigurationError);
});

test('what was kept is what is read, and nothing else changes', async () => {
  await fuzz(
    'ovh.edit-ini',
    fc.tuple(hostileText(), fc.constantFrom('ovh-eu', 'default', 'new')),
    ([value, section]) => {
      const text = refusedWith(/^OVH_CONFIGURATION$/, () => editIni(TEXT, section, { consumer_key: value }));
      if (text === undefined) return false;
      const ini = parseIni(text, 'f');
      expect(findSection(ini, section)?.entries.get('consumer_key')?.value).toBe(value);
      expect(findSection(ini, 'ovh-ca')?.entries.get('consumer_key')?.value).toBe('kept');
      expect(ini.sections.length).toBe(section === 'new' ? 4 : 3);
      return true;
    },
    { share: 2, someAccepted: true },
  );
});
