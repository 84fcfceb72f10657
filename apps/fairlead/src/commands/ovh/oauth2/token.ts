import { ApiError, ConfigurationError, type HeldToken, type TokenStore } from '@fairlead/ovh';
import type { Output } from '../../../output.ts';
import { type ClientWords, withClient } from '../shared/client.ts';
import { toJson } from '../shared/text.ts';
import { newSecretFile } from './secret-file.ts';

export interface TokenWords extends ClientWords {
  readonly show?: boolean;
  readonly file?: string;
}

/** Gets a token of the service account; it is printed only when that is asked for. Throws ToldError: `OVH_CONFIGURATION`, `OVH_OAUTH2`. */
export async function getToken(words: TokenWords, output: Output): Promise<void> {
  const held: HeldToken[] = [];
  const tokenStore: TokenStore = {
    get: async () => undefined,
    set: async (_, token) => {
      held[0] = token;
    },
  };
  await withClient(
    words,
    output,
    async (client) => {
      if (client.config.auth.method !== 'oauth2')
        throw new ConfigurationError('no service account is configured: client_id and client_secret are needed');
      await using file = words.file === undefined ? undefined : await newSecretFile(words.file);
      // The first call that needs a token gets one; what the API makes of the call does not matter.
      await client.credentials.details().catch((error: unknown) => {
        if (!(error instanceof ApiError)) throw error;
      });
      if (held[0] !== undefined) await tell(held[0], words, file, output);
    },
    { tokenStore },
  );
}

type Keep = { write(secret: string): Promise<void> } | undefined;

async function tell({ token, useUntil }: HeldToken, words: TokenWords, file: Keep, output: Output): Promise<void> {
  await file?.write(token);
  const usableUntil = new Date(useUntil).toISOString();
  const lines = [
    `usable until  ${usableUntil}`,
    words.file === undefined ? 'The token itself: --show prints it, --file keeps it.' : `written to    ${words.file}`,
  ];
  if (words.json === true) output.print(toJson({ usableUntil, file: words.file, ...(words.show === true && { accessToken: token }) }));
  else for (const line of words.show === true ? [token] : lines) output.print(line);
}
