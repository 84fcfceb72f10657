import { GatewayError } from '@fairlead/kernel/errors';
import { ApiError, createTokenLink, isOvhError, type OvhClient, type OvhError, RateLimitError, TimeoutError } from '@fairlead/ovh';
import { ToldError } from '../../../cli-errors.ts';
import { type IdentityWords, identityText, requestCommand } from './shell.ts';
import { printableLines, toJson } from './text.ts';

/** How an error is told; commands in it name the same keys. */
export interface ErrorWords extends IdentityWords {
  readonly json?: boolean;
}

/** For the question which rule is missing: it must not keep anybody waiting. */
const LIMIT_MS = 10_000;
/** A link with more of them is one that nobody can copy. */
const MOST_RULES = 20;

/**
 * Carries out work; its errors become a text that says what happened, why, and what to do, or one JSON object.
 * The work hands over its client, so that a refusal can be compared with the rules of the key. Throws ToldError.
 */
export async function explained<T>(words: ErrorWords, work: (use: (client: OvhClient) => void) => Promise<T>): Promise<T> {
  let advice: ((error: OvhError) => Promise<readonly string[]>) | undefined;
  try {
    return await work((client) => {
      const adviser = client.with({ retry: false, timeout: LIMIT_MS, hooks: {} });
      advice = (error) => adviceOf(error, adviser, words);
    });
  } catch (error) {
    if (error instanceof ToldError) throw error;
    if (isOvhError(error)) throw await toldOvh(error, words, advice);
    if (error instanceof GatewayError && error.code !== 'FAIRLEAD_INTERNAL') throw toldGateway(error, words);
    if (words.json === true && isSystemError(error))
      throw new ToldError(toJson({ code: error.code, message: error.message, help: [] }), error);
    throw error;
  }
}

/** A file that is not there, and the like. */
function isSystemError(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}

type Advice = ((error: OvhError) => Promise<readonly string[]>) | undefined;

async function toldOvh(error: OvhError, words: ErrorWords, advice: Advice): Promise<ToldError> {
  const help = advice === undefined ? generalAdvice(error, words) : await advice(error);
  if (words.json === true) return new ToldError(toJson({ ...error.toJSON(), help }), error);
  const causes = causesOf(error).map((cause) => `  because: ${cause}`);
  return new ToldError(printableLines([error.message, ...causes, ...help, `(${error.code})`].join('\n')), error);
}

function toldGateway(error: GatewayError, { json }: ErrorWords): ToldError {
  const { code, message, help } = error;
  if (json === true) return new ToldError(toJson({ code, message, help: help === undefined ? [] : [help] }), error);
  return new ToldError(printableLines([message, help, `(${code})`].filter(Boolean).join('\n')), error);
}

/** Texts of the causes that say more than the error itself. */
function causesOf(error: OvhError): string[] {
  const texts: string[] = [];
  for (let { cause } = error as Error; cause instanceof Error && texts.length < 3; { cause } = cause) {
    if (cause.message !== '' && !error.message.includes(cause.message)) texts.push(cause.message);
  }
  return texts;
}

async function adviceOf(error: OvhError, client: OvhClient, identity: IdentityWords): Promise<readonly string[]> {
  if (error.code === 'OVH_NOT_GRANTED_CALL' && error instanceof ApiError) return missingRule(error, client, identity);
  const { createTokenUrl } = client.endpoint;
  if (error.code === 'OVH_INVALID_KEY') {
    const page = createTokenUrl === undefined ? '' : ` Keys for it are made at ${createTokenUrl}`;
    return [`An application key counts at one endpoint only, and this is ${client.endpoint.name}: \`fairlead ovh config show\`.${page}`];
  }
  return generalAdvice(error, identity);
}

/** The most asked question of all: which rule is missing? */
async function missingRule(error: ApiError, client: OvhClient, identity: IdentityWords): Promise<readonly string[]> {
  const explanation = await client.credentials.explainDenied(error.method, error.path).catch(() => undefined);
  if (explanation === undefined)
    return [`The consumer key has no rule for this call: \`fairlead ovh credential current${identityText(identity)}\` shows its rules.`];
  const { missing, rules, text } = explanation;
  if (missing === undefined) return [text];
  const { createTokenUrl } = client.endpoint;
  const wanted = rules.length < MOST_RULES ? [...rules, missing] : [missing];
  const link = createTokenUrl === undefined ? [] : [`By hand: ${createTokenLink(createTokenUrl, wanted)}`];
  return [text, `\`${requestCommand([`${missing.method} ${missing.path}`], identity)}\` asks for one.`, ...link];
}

/** Why there has to be another consumer key. */
const NEEDS_KEY: Readonly<Partial<Record<OvhError['code'], string>>> = {
  OVH_INVALID_CREDENTIAL: 'The consumer key is not validated yet, was refused, or has expired.',
  OVH_MISSING_CONSUMER_KEY: 'Nothing was sent.',
  OVH_NOT_CREDENTIAL: 'There is no such consumer key, or it belongs to another application.',
  OVH_UNAUTHENTICATED: 'Nobody is logged in.',
};

const ADVICE: Readonly<Partial<Record<OvhError['code'], string>>> = {
  OVH_BAD_PARAMETERS: '`fairlead ovh schema describe METHOD PATH` tells what this route takes.',
  OVH_BUSY: 'Another action is under way on this object: try again when it has ended.',
  OVH_CONFIGURATION: '`fairlead ovh config show` tells what is set, and where; `fairlead ovh config set` sets it.',
  OVH_UNKNOWN_ENDPOINT: '`fairlead ovh config set endpoint ovh-eu` chooses one for all calls.',
  OVH_IAM_DENIED: 'Somebody who may change the policies of the account has to grant these actions to this identity.',
  OVH_INVALID_SIGNATURE: '`fairlead ovh sign METHOD URL` shows what is signed; `fairlead ovh config show` tells where the keys stand.',
  OVH_NETWORK: 'Check the name of the endpoint, the network, and HTTPS_PROXY; --verbose shows what was tried.',
  OVH_TIME_SYNC: 'No call is signed without the time of the API. Check the name of the endpoint, the network, and HTTPS_PROXY.',
  OVH_OAUTH2: 'Check client_id and client_secret: `fairlead ovh config show` tells where they stand.',
  OVH_QUERY_TIME_OUT: '`fairlead ovh time` compares the clocks.',
  OVH_ROUTE_NOT_FOUND: '`fairlead ovh schema search` finds routes; not every endpoint has every product.',
  OVH_UNEXPECTED_REDIRECT:
    'The API redirects nobody: something else answers here. Check the URL of the endpoint, and what stands between; --raw shows where to.',
};

function generalAdvice(error: OvhError, identity: IdentityWords): readonly string[] {
  if (error instanceof RateLimitError) {
    const { retryAfterMs: wait } = error;
    return [wait === undefined ? 'Too many calls: wait a while.' : `Too many calls: come back in ${Math.ceil(wait / 1000)} s.`];
  }
  if (error instanceof TimeoutError) return [timeoutAdvice(error)];
  const need = NEEDS_KEY[error.code];
  if (need !== undefined)
    return [`${need} \`fairlead ovh login${identityText(identity)}\` gets a key that may read; --allow says what else.`];
  const advice = ADVICE[error.code];
  return advice === undefined ? [] : [advice];
}

function timeoutAdvice({ phase, sent }: TimeoutError): string {
  if (phase === 'wait') return 'Nobody has agreed yet: ask again, and --wait-for waits longer.';
  const longer = '--timeout gives it longer.';
  return sent
    ? `A call that changes something may have been carried out: look before it is repeated. ${longer}`
    : `Nothing was sent. ${longer}`;
}
