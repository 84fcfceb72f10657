import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import type { CallOptions, PathValue, Query } from '@fairlead/ovh';
import { CliError } from '../../../cli-errors.ts';
import { withoutLineEnd } from '../../cce/password.ts';
import type { CallWords, GivenCall } from './call-words.ts';

type Parameters = readonly (readonly [name: string, value: unknown])[];

const HAS_BODY: ReadonlySet<string> = new Set(['POST', 'PUT']);
/** The client leaves them out without a word. */
const OURS = /^(?:authorization|x-ovh-(?:application|consumer|signature|timestamp))$/i;

/** The call as the client takes it. Throws `CLI_USAGE`, `ENOENT`. */
export async function readCall({ method, path, given }: GivenCall, words: CallWords): Promise<CallOptions> {
  const hasBody = HAS_BODY.has(method);
  const [files, pairs] = [given.filter(isWholeBody), given.filter((word) => !isWholeBody(word))];
  if (files.length > 0 && !hasBody) throw usage(`a ${method} call has no body: ${files[0]} cannot be sent`);
  const [ofPath, read] = apart(await readParameters(pairs), path);
  if (files.length + Math.min(read.length, 1) > 1) throw usage('the body is either one @file or members k=v');
  const filling = [...usualProject(path, words), ...ofPath];
  const query = [...(await readParameters(words.query ?? [])), ...(hasBody ? [] : read)];
  const [file] = files;
  return {
    ...(filling.length > 0 && { path: Object.fromEntries(filling) as Record<string, PathValue> }),
    ...(query.length > 0 && { query: queryOf(query) }),
    ...(hasBody && read.length > 0 && { body: bodyOf(read) }),
    ...(file !== undefined && { rawBody: await bytesOf(file.slice(1)) }),
    ...(words.header !== undefined && { headers: headersOf(words.header) }),
    ...(!words.auth && { auth: false }),
  };
}

/** The project of the variable OVH_CLOUD_PROJECT_SERVICE for `/cloud/project/{…}`, where no word names another (ovh 3.1). */
function usualProject(path: string, { account }: CallWords): Parameters {
  const { OVH_CLOUD_PROJECT_SERVICE: project = '' } = process.env;
  const [, name] = /^\/?(?:(?:1\.0|v1)\/)?cloud\/project\/\{([^{}/]+)\}/.exec(path) ?? [];
  return name === undefined || project === '' || account !== undefined ? [] : [[name, project]];
}

/** The values of the `{variables}` of the path, and all the others. */
function apart(parameters: Parameters, path: string): readonly [ofPath: Parameters, others: Parameters] {
  const names = new Set([...path.replace(/\?.*$/s, '').matchAll(/\{([^{}/]*)\}/g)].map(([, name]) => name));
  return [parameters.filter(([name]) => names.has(name)), parameters.filter(([name]) => !names.has(name))];
}

function isWholeBody(word: string): boolean {
  return word.startsWith('@');
}

async function readParameters(words: readonly string[]): Promise<Parameters> {
  const parameters: (readonly [string, unknown])[] = [];
  for (const word of words) parameters.push(await readParameter(word));
  return parameters;
}

async function readParameter(word: string): Promise<readonly [string, unknown]> {
  const [, name, sign, value = ''] = /^([^=]*?)(:?=)(.*)$/s.exec(word) ?? [];
  if (name === undefined || name === '') throw usage(`${shown(word)} is none of k=v, k:=json, k=@file, @file`);
  const text = value.startsWith('@') ? await textOf(value) : value;
  return [name, sign === ':=' ? jsonOf(name, text) : text];
}

/** The value may be a secret. */
function shown(word: string): string {
  return JSON.stringify(word.length > 20 ? `${word.slice(0, 20)}…` : word);
}

async function textOf(value: string): Promise<string> {
  if (value.startsWith('@@')) return value.slice(1);
  return withoutLineEnd((await bytesOf(value.slice(1))).toString('utf8'));
}

async function bytesOf(file: string): Promise<Buffer> {
  if (file === '') throw usage('@ needs the name of a file, or - for the standard input');
  return file === '-' ? buffer(process.stdin) : readFile(file);
}

type SourceReviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;
// Of ECMAScript's "JSON.parse source text access"; the language's library does not declare it yet.
const parseWithSource = JSON.parse as (text: string, reviver: SourceReviver) => unknown;

/** Integers keep all their digits. */
function jsonOf(name: string, text: string): unknown {
  const exact: SourceReviver = (_key, value, { source }) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && source !== undefined && /^-?\d+$/.test(source) ? BigInt(source) : value;
  try {
    return parseWithSource(text, exact);
  } catch {
    throw usage(`the value of ${name}:= is no JSON: a text needs quotes (${name}:='"text"'), or ${name}=text`);
  }
}

/** A name that comes again makes a list. */
function queryOf(parameters: Parameters): Query {
  const query = new Map<string, unknown>();
  for (const [name, value] of parameters) query.set(name, query.has(name) ? [query.get(name), value].flat() : value);
  return Object.fromEntries(query) as Query;
}

function bodyOf(parameters: Parameters): Readonly<Record<string, unknown>> {
  const names = parameters.map(([name]) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw usage(`${twice} stands twice: a list is ${twice}:='["a","b"]'`);
  return Object.fromEntries(parameters);
}

function headersOf(lines: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(lines.map(headerOf));
}

function headerOf(line: string): readonly [string, string] {
  const [, name, value] = /^([^:]+):(.*)$/s.exec(line) ?? [];
  if (name === undefined || value === undefined) throw usage("--header is not of the form 'Name: value'");
  if (OURS.test(name.trim())) throw usage(`--header ${name.trim()}: who calls is said by keys, --profile or --account, not by a header`);
  return [name.trim(), value.trim()];
}

function usage(reason: string): Error {
  return CliError('CLI_USAGE', { reason });
}
