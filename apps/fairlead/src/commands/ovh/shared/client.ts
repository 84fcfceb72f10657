import type { ClientOptions, OvhClient } from '@fairlead/ovh';
import type { Command } from 'commander';
import type { Output } from '../../../output.ts';
import { printable } from './text.ts';
import { filled, number, span } from './values.ts';

/** Who calls, where, and how long it may take: options of every word that calls the API. */
export interface ClientWords {
  readonly profile?: string;
  readonly endpoint?: string;
  readonly account?: string;
  readonly config?: string;
  /** Where service accounts get tokens, for an endpoint given by URL. */
  readonly tokenUrl?: string;
  /** ms over everything. */
  readonly timeout?: number;
  readonly retry?: number;
  readonly verbose?: boolean;
  /** Result and error are JSON. */
  readonly json?: boolean;
}

export function addClientOptions(command: Command): Command {
  return command
    .option('--profile <name>', 'profile of the ovh.conf files (else the variable OVH_PROFILE, else [default] profile)', filled)
    .option('--endpoint <name>', 'ovh-eu, ovh-ca, ovh-us, … or a URL', filled)
    .option(
      '--account <name>',
      'account [ovh <name>] of fairlead.ini, as the gateway uses it: neither variables nor ovh.conf files count',
      filled,
    )
    .option('-c, --config <file>', 'an ovh.conf that counts before all others; with --account the fairlead.ini', filled)
    .option('--token-url <url>', 'where a service account gets tokens, for an endpoint given by URL')
    .option('--timeout <span>', 'give up a call after so long, all its attempts together: 30, 30s, 500ms, 2m', span)
    .option('--retry <n>', 'repeat a failed call so often (else 3 times, where that does no harm)', number(99))
    .option('--verbose', 'tell each request and answer on standard error, without secrets');
}

/**
 * The client that the options name: from the whole chain of configuration, or of one account of fairlead.ini.
 * Tells warnings. Throws `OVH_CONFIGURATION`, `OVH_UNKNOWN_ENDPOINT`, `OVH_BRIDGE_*`, `CLI_OVH_NOT_FOUND`, `FAIRLEAD_CONFIG`.
 */
async function openClient(words: ClientWords, output: Output, more: ClientOptions = {}): Promise<OvhClient> {
  const { createClient } = await import('@fairlead/ovh');
  const client = createClient({ ...(await identityOf(words)), ...mannersOf(words, output), ...more });
  // Standard error is to hold one JSON object at most.
  if (words.json !== true) for (const { message } of client.config.warnings) output.tell(`warning: ${message}`);
  return client;
}

/** Opens the client, works with it, closes it; errors are explained. Throws ToldError. */
export async function withClient(
  words: ClientWords,
  output: Output,
  work: (client: OvhClient) => Promise<void>,
  more: ClientOptions = {},
): Promise<void> {
  const { explained } = await import('./explain-error.ts');
  // Open until the error is explained: the key is asked for its rules.
  using open = new DisposableStack();
  await explained(words, async (use) => {
    const client = open.use(await openClient(words, output, more));
    use(client);
    await work(client);
  });
}

/** Who calls, and where, as the client takes it. */
export async function identityOf(words: ClientWords): Promise<ClientOptions> {
  if (words.account !== undefined) return (await import('./account.ts')).accountOptions(words.account, words);
  return {
    ...(words.profile !== undefined && { profile: words.profile }),
    ...(words.endpoint !== undefined && { endpoint: words.endpoint }),
    ...(words.config !== undefined && { configFile: words.config }),
    ...(words.tokenUrl !== undefined && { tokenUrl: words.tokenUrl }),
  };
}

function mannersOf({ timeout, retry, verbose }: ClientWords, output: Output): ClientOptions {
  return {
    userAgent: 'fairlead',
    ...(timeout !== undefined && { timeout }),
    ...(retry !== undefined && { retry: { maxAttempts: retry + 1 } }),
    ...(verbose === true && { hooks: hooksFor(output) }),
  };
}

/** What they are given has no secrets any more. */
function hooksFor(output: Output): NonNullable<ClientOptions['hooks']> {
  const lines = (sign: string, headers: Readonly<Record<string, string>>) =>
    Object.entries(headers).map(([name, value]) => printable(`${sign} ${name}: ${value}`));
  return {
    beforeRequest: ({ method, url, headers, attempt }) => {
      const again = attempt > 1 ? ` (attempt ${attempt})` : '';
      output.tell([`> ${method} ${url}${again}`, ...lines('>', headers)].join('\n'));
    },
    afterResponse: ({ status, headers, durationMs }) =>
      output.tell([`< ${status} after ${Math.round(durationMs)} ms`, ...lines('<', headers)].join('\n')),
    onRetry: ({ reason, delayMs }) => output.tell(`* ${reason}: again in ${Math.round(delayMs)} ms`),
  };
}
