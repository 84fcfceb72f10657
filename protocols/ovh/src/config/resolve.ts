import { mergeHeaders } from '../codec/headers.ts';
import type { Endpoint } from '../endpoints/endpoint.ts';
import { findEndpoint } from '../endpoints/registry.ts';
import { endpointOfBaseUrl, resolveEndpoint } from '../endpoints/resolve.ts';
import { ConfigurationError, OvhError } from '../errors/errors.ts';
import { chooseAuthentication } from './choose-auth.ts';
import { envLayer, variable } from './env-layer.ts';
import { explain } from './explain.ts';
import { fileLayer, type ParsedFile, parseFiles, profileSection, profilesOf } from './file-layer.ts';
import { CREDENTIAL_KEYS } from './keys.ts';
import { type Found, firstOf, type Layer, placeOf, textOf } from './layer.ts';
import { optionLayer } from './option-layer.ts';
import type { ConfigurationOptions, ConfigurationSources, ConfigurationWarning, Settings } from './settings.ts';

const DEFAULT_ENDPOINT: Found = { value: 'ovh-eu', source: 'default', name: 'ovh-eu' };

/**
 * The one configuration of options, environment and files, where each value is taken from the highest source that has it
 * (spec 3.1 and 3.2). Pure: see readSources() for what is outside.
 * @throws ConfigurationError, UnknownEndpointError
 */
export function resolveConfiguration(options: ConfigurationOptions, sources: ConfigurationSources): Settings {
  const warnings: ConfigurationWarning[] = [];
  const files = parseFiles(sources.files, warnings);
  const above = [optionLayer(options), envLayer(sources.env)];
  const profileFound = firstOf([...above, ...files.map((file) => fileLayer(file, ['default']))], 'profile');
  const profile = chosenProfile(profileFound, files);

  const endpointFound = findEndpointValue(above, files, profile);
  const endpoint = endpointAt(endpointFound, options);
  const sections = profile === undefined ? sectionsOf(textOf(endpointFound) ?? '', endpoint) : [profileSection(profile)];
  const layers = [...above, ...files.map((file) => fileLayer(file, sections))];
  if (profile !== undefined && profileFound?.source === 'option') warnOfEnvironment(above[1] as Layer, profile, warnings);

  const auth = chooseAuthentication(layers, endpoint, options.auth);
  const rows = explain({ layers, auth, endpoint: endpointFound, profile: profileFound });
  return {
    endpoint,
    endpointSource: endpointFound.source,
    auth,
    profile,
    headers: headersOf(layers),
    cloudProject: variable(sources.env, 'OVH_CLOUD_PROJECT_SERVICE'),
    warnings,
    explain: () => rows,
  };
}

/** `default` names no profile (spec 3.1). */
function chosenProfile(found: Found | undefined, files: readonly ParsedFile[]): string | undefined {
  const name = textOf(found);
  if (found === undefined || name === undefined || name === 'default') return undefined;
  const wanted = profileSection(name).toLowerCase();
  if (files.some((file) => file.ini.sections.some((section) => section.name.toLowerCase() === wanted))) return name;
  const known = profilesOf(files);
  const list = known.length > 0 ? `the files have ${known.join(', ')}` : 'no file defines any';
  throw new ConfigurationError(`there is no profile ${JSON.stringify(name)} (${placeOf(found)}): ${list}`);
}

/** Options, environment, the profile in any file, `[default]` in any file, and what is assumed. */
function findEndpointValue(above: readonly Layer[], files: readonly ParsedFile[], profile: string | undefined): Found {
  const ofProfile = profile === undefined ? [] : files.map((file) => fileLayer(file, [profileSection(profile)]));
  const ofDefault = files.map((file) => fileLayer(file, ['default']));
  return firstOf([...above, ...ofProfile, ...ofDefault], 'endpoint') ?? DEFAULT_ENDPOINT;
}

function endpointAt(found: Found, options: ConfigurationOptions): Endpoint {
  const { hostFamily, tokenUrl, allowInsecureHttp } = options;
  try {
    return resolveEndpoint(textOf(found) ?? '', { hostFamily, tokenUrl, allowInsecureHttp });
  } catch (error) {
    if (error instanceof OvhError && found.source !== 'option') error.message += ` (from ${placeOf(found)})`;
    throw error;
  }
}

/** `[sys-eu]` before `[soyoustart-eu]`; a URL as it stands before its normal form and the endpoint that it names. */
function sectionsOf(given: string, endpoint: Endpoint): string[] {
  if (findEndpoint(given)) return [given, endpoint.name];
  const twin = endpointOfBaseUrl(endpoint.baseUrl);
  return twin ? [given, endpoint.baseUrl, twin.name] : [given, endpoint.baseUrl];
}

function warnOfEnvironment(env: Layer, profile: string, warnings: ConfigurationWarning[]): void {
  const names = CREDENTIAL_KEYS.flatMap((key) => env.get(key)?.name ?? []);
  if (names.length === 0) return;
  const message = `${names.join(', ')} of the environment win over the profile ${profile}`;
  warnings.push({ message, file: undefined, line: undefined });
}

/** Lowest first, so that the highest wins. */
function headersOf(layers: readonly Layer[]): Record<string, string> {
  const found = layers.toReversed().map((layer) => Object.fromEntries(layer.headers().map(([name, { value }]) => [name, value as string])));
  return mergeHeaders(...found);
}
