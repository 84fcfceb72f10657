import type { ConfigurationOptions } from '@fairlead/ovh';

/** Options of `fairlead ovh config …`. */
export interface ConfigWords {
  readonly profile?: string;
  readonly endpoint?: string;
  readonly config?: string;
  readonly json?: boolean;
}

/** The same as the client takes them. */
export function configurationOf(words: ConfigWords): ConfigurationOptions {
  return {
    ...(words.profile !== undefined && { profile: words.profile }),
    ...(words.endpoint !== undefined && { endpoint: words.endpoint }),
    ...(words.config !== undefined && { configFile: words.config }),
  };
}
