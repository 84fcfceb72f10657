import { headerProblem } from '../codec/headers.ts';
import { ConfigurationError } from '../errors/errors.ts';
import type { Found, Layer } from './layer.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A variable that is not empty: an empty one never hides a value of a file (spec 2, row 6). */
export function variable(env: Environment, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === '' ? undefined : value;
}

/** The `OVH_` variables. */
export function envLayer(env: Environment): Layer {
  const nameOf = (key: string) => `OVH_${key.toUpperCase()}`;
  return {
    label: 'the environment',
    get: (key) => {
      const value = variable(env, nameOf(key));
      return value === undefined ? undefined : { value, source: 'environment', name: nameOf(key) };
    },
    headers: () => envHeaders(env),
    spelling: nameOf,
  };
}

/** OVH_HTTP_HEADERS_0, _1, … as `Name: value`, up to the first gap. */
function envHeaders(env: Environment): (readonly [string, Found])[] {
  const headers: (readonly [string, Found])[] = [];
  for (let index = 0; ; index++) {
    const name = `OVH_HTTP_HEADERS_${index}`;
    const line = variable(env, name);
    if (line === undefined) return headers;
    const colon = line.indexOf(':');
    if (colon < 1) throw new ConfigurationError(`${name} is not of the form "Name: value"`);
    const header = line.slice(0, colon).trim();
    const value = line.slice(colon + 1).trim();
    const problem = headerProblem(header, value);
    if (problem) throw new ConfigurationError(`${name}: ${problem}`);
    headers.push([header, { value, source: 'environment', name }]);
  }
}
