import { isUtf8 } from 'node:buffer';
import { type AuthMethod as Method, redactBody, redactHeaders, redactUrl, type WireRequest } from '@fairlead/ovh';
import { CliError } from '../../../cli-errors.ts';
import { shellWord } from '../shared/shell.ts';

/** What is to be said in shell commands. */
export interface CurlCall {
  /** As it is built, not authenticated. */
  readonly request: WireRequest;
  readonly method: Method;
  readonly timeUrl: string;
  readonly tokenUrl: string | undefined;
}

/** An argument of a program may not be longer (Linux: 128 KiB). */
const MOST_BODY = 100 * 1024;
// biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the shell
const OWN_BODY = '${OVH_BODY:?put the body, which holds a secret, into OVH_BODY}';
// biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the shell
const OWN_URL = '${OVH_URL:?put the URL, which holds a secret, into OVH_URL}';
/** Those that authenticate come from variables; curl frames by itself. */
const NOT_SAID = /^(?:user-agent|content-length|authorization|x-ovh-(?:application|consumer|signature|timestamp))$/i;

/**
 * Commands of a POSIX shell with curl and openssl that make the call. Secrets are variables, and go to programs by their standard
 * input, so that they stand in no process list. Throws `CLI_USAGE` for a body that no shell can hold, and for a header with a secret.
 */
export function curlCommand({ request, method, timeUrl, tokenUrl }: CurlCall): string {
  const body = bodyOf(request);
  const url = redactUrl(request.url) === request.url ? shellWord(request.url) : OWN_URL;
  const setup = [`url=${url}`, ...(body === undefined ? [] : [`body=${body}`])];
  return [...setup, ...authenticated(request, { method, timeUrl, tokenUrl }, curl(request, body !== undefined))].join('\n');
}

type Access = Pick<CurlCall, 'method' | 'timeUrl' | 'tokenUrl'>;

function authenticated({ method: verb, body }: WireRequest, { method, timeUrl, tokenUrl }: Access, call: string): string[] {
  if (method === 'application') {
    const text = body === undefined ? "''" : '"$body"';
    return [
      needed('OVH_APPLICATION_KEY', 'OVH_APPLICATION_SECRET', 'OVH_CONSUMER_KEY'),
      `time=$(curl -sS ${shellWord(timeUrl)})`,
      `signature=$(printf '%s+%s+%s+%s+%s+%s' "$OVH_APPLICATION_SECRET" "$OVH_CONSUMER_KEY" ${verb} "$url" ${text} "$time" |`,
      '  openssl dgst -sha1 -r | cut -c1-40)',
      "printf 'X-Ovh-Application: %s\\nX-Ovh-Consumer: %s\\nX-Ovh-Timestamp: %s\\nX-Ovh-Signature: $1$%s\\n' \\",
      '  "$OVH_APPLICATION_KEY" "$OVH_CONSUMER_KEY" "$time" "$signature" |',
      `  ${call} -H @- "$url"`,
    ];
  }
  if (method === 'none') return [`${call} "$url"`];
  const token =
    tokenUrl === undefined
      ? [needed('OVH_ACCESS_TOKEN')]
      : [
          needed('OVH_CLIENT_ID', 'OVH_CLIENT_SECRET'),
          `OVH_ACCESS_TOKEN=$(printf 'user = "%s:%s"\\n' "$OVH_CLIENT_ID" "$OVH_CLIENT_SECRET" |`,
          `  curl -sS -K - -d grant_type=client_credentials -d scope=all ${shellWord(tokenUrl)} |`,
          `  sed -n 's/.*"access_token" *: *"\\([^"]*\\)".*/\\1/p')`,
        ];
  return [...token, `printf 'Authorization: Bearer %s\\n' "$OVH_ACCESS_TOKEN" |`, `  ${call} -H @- "$url"`];
}

function needed(...names: readonly string[]): string {
  return names.map((name) => `: "\${${name}:?}"`).join('; ');
}

/** Without URL and identity. No globs, no dots taken out: the URL is the one that is signed. */
function curl({ method, headers, body }: WireRequest, hasBody: boolean): string {
  const said = Object.entries(headers).filter(([name]) => !NOT_SAID.test(name));
  const safe = redactHeaders(Object.fromEntries(said));
  const secret = said.find(([name, value]) => safe[name] !== value);
  if (secret !== undefined)
    throw CliError('CLI_USAGE', {
      reason: `the header ${secret[0]} holds a secret, which would stand in the process list of curl: leave it away`,
    });
  const lines = said.map(([name, value]) => `-H ${shellWord(`${name}: ${value}`)}`);
  // RFC 9110 8.6; curl itself says nothing about a body that is not there.
  const empty = body === undefined && Object.hasOwn(headers, 'Content-Length') ? ["-H 'Content-Length: 0'"] : [];
  return ['curl -sS -g --path-as-is', `-X ${method}`, ...lines, ...empty, ...(hasBody ? ['--data-raw "$body"'] : [])].join(' ');
}

/** The text of the body as one word of the shell; a body with secrets is a variable that is not set here. */
function bodyOf({ body }: WireRequest): string | undefined {
  if (body === undefined) return undefined;
  const bytes = Buffer.from(body);
  const text = bytes.toString('utf8');
  if (!isUtf8(bytes) || text.includes('\0') || bytes.length > MOST_BODY)
    throw CliError('CLI_USAGE', { reason: 'a shell cannot hold this body (it is no text, or longer than 100 KiB)' });
  return holdsSecret(text) ? OWN_BODY : shellWord(text);
}

function holdsSecret(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return JSON.stringify(redactBody(value)) !== JSON.stringify(value);
  } catch {
    return redactBody(text) !== text;
  }
}
