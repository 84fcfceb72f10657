import { CREDENTIAL_KEYS, type CredentialKey, methodOf } from './keys.ts';
import { type Found, type Layer, placeOf, textOf } from './layer.ts';
import { keyHint } from './secret.ts';
import type { Authentication, Explained } from './settings.ts';

interface Resolution {
  readonly layers: readonly Layer[];
  readonly auth: Authentication;
  readonly endpoint: Found;
  readonly profile: Found | undefined;
}

/** One row for each value that stands anywhere, and one for each key that stands nowhere; never a secret. */
export function explain({ layers, auth, endpoint, profile }: Resolution): readonly Explained[] {
  return [
    row('endpoint', endpoint, { shown: textOf(endpoint) }),
    profile ? row('profile', profile, { shown: textOf(profile) }) : absent('profile'),
    ...CREDENTIAL_KEYS.flatMap((key) => credentialRows(key, layers, auth)),
    ...headerRows(layers),
  ];
}

function credentialRows(key: CredentialKey, layers: readonly Layer[], auth: Authentication): Explained[] {
  const all = layers.flatMap((layer) => layer.get(key) ?? []);
  if (all.length === 0) return [absent(key)];
  const publicKeyAlone = auth.method === 'none' && key === 'application_key';
  const used = auth.method === methodOf(key) || publicKeyAlone;
  return all.map((found, index) => {
    const higher = index > 0 ? all[0] : undefined;
    const hidden = higher && `hidden by ${placeOf(higher)}`;
    const note = used ? hidden : `not used: the method is ${auth.method}`;
    const text = textOf(found);
    return row(key, found, { shown: key === 'application_key' && text !== undefined ? keyHint(text) : undefined, note });
  });
}

function headerRows(layers: readonly Layer[]): Explained[] {
  const winner = new Map<string, Found>();
  return layers.flatMap((layer) =>
    layer
      .headers()
      .toReversed()
      .map(([name, found]) => {
        const higher = winner.get(name.toLowerCase());
        if (!higher) winner.set(name.toLowerCase(), found);
        return row(`header.${name}`, found, { note: higher && `hidden by ${placeOf(higher)}` });
      }),
  );
}

function row(key: string, found: Found, more: { shown?: string | undefined; note?: string | undefined }): Explained {
  const { source, name, file, line } = found;
  return { key, present: true, source, name, file, line, shown: more.shown, note: more.note };
}

function absent(key: string): Explained {
  return { key, present: false, source: undefined, name: undefined, file: undefined, line: undefined, shown: undefined, note: undefined };
}
