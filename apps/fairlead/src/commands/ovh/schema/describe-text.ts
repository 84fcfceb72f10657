import type { FoundRoute, ModelInfo, RouteInfo, TypeRef } from '@fairlead/ovh/schema';
import { formatTable } from '../../../output.ts';
import { printable } from '../shared/text.ts';

/** A route for people: its operations, then the models that they mention by name, and with `all` those within them. */
export function describeText({ operations, models }: FoundRoute, all: boolean): string {
  const mentioned = new Set(
    operations.flatMap(({ response, body }) => [...namesIn(response), ...(body === undefined ? [] : namesIn(body.type))]),
  );
  const shown = models.filter((model) => all || mentioned.has(model.name));
  const others = models.filter((model) => !shown.includes(model)).map((model) => model.name);
  const rest = others.length === 0 ? [] : [`further models (--models): ${others.join(', ')}`];
  return [...operations.map(operationText), ...shown.map(modelText), ...rest].join('\n\n');
}

function operationText(route: RouteInfo): string {
  const { deprecation } = route;
  const deprecated = deprecation && [
    deprecation.since && `since ${deprecation.since}`,
    deprecation.until && `until ${deprecation.until}`,
    deprecation.replacement && `use ${deprecation.replacement}`,
  ];
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['status', route.status],
    ['deprecated', deprecated && (deprecated.filter(Boolean).join(', ') || 'yes')],
    ['rights', route.noAuth ? 'none: anybody may call it' : route.iamActions.join(', ') || undefined],
    ['rule', route.noAuth ? undefined : `${route.method}:${route.path.replace(/\{[^{}/]*\}/g, '*')}`],
    ['pages', route.paginated ? 'yes (--all reads all of them)' : undefined],
    ['expands to', route.expandsTo],
    ['body', route.body && `${typeText(route.body.type)}${route.body.required ? '' : ' (may be absent)'}`],
    ['answer', typeText(route.response)],
  ];
  const lines = facts.flatMap(([name, value]) => (value === undefined ? [] : [`  ${name.padEnd(10)}  ${printable(value)}`]));
  return [`${route.method} ${route.path}`, `  ${printable(route.description)}`, ...lines, ...parameterLines(route)].join('\n');
}

function parameterLines({ parameters }: RouteInfo): string[] {
  if (parameters.length === 0) return [];
  const rows = parameters.map((one) => [one.name, one.in, typeText(one.type), one.required ? 'required' : '', one.description ?? '']);
  const table = formatTable([['parameter', 'in', 'type', '', 'description'], ...rows.map((row) => row.map(printable))]);
  return ['', ...table.split('\n').map((line) => `  ${line}`)];
}

function modelText({ name, type, description }: ModelInfo): string {
  const heading = [name, ...(description === undefined || description === '' ? [] : [`  ${printable(description)}`])];
  if (type.kind !== 'object') return [...heading, `  ${typeText(type)}`].join('\n');
  const rows = type.properties.map((one) => {
    const marks = [one.readOnly ? 'read-only' : '', one.required ? 'required' : '', one.secret ? 'secret' : ''].filter(Boolean).join(' ');
    return [one.name, typeText(one.type), marks, one.description ?? ''].map(printable);
  });
  const table = formatTable([['member', 'type', '', 'description'], ...rows]);
  return [...heading, ...table.split('\n').map((line) => `  ${line}`)].join('\n');
}

/** A type in one line. */
function typeText(type: TypeRef): string {
  switch (type.kind) {
    case 'scalar':
      return type.format === undefined ? type.name : `${type.name} (${type.format})`;
    case 'enum':
      return type.values.map(String).join(' | ');
    case 'array':
      return type.of.kind === 'enum' || type.of.kind === 'nullable' ? `(${typeText(type.of)})[]` : `${typeText(type.of)}[]`;
    case 'map':
      return `map of ${typeText(type.of)}`;
    case 'nullable':
      return `${typeText(type.of)} or null`;
    case 'model':
      return type.name;
    case 'object':
      return `{ ${type.properties.map((one) => `${one.name}${one.required ? '' : '?'}: ${typeText(one.type)}`).join(', ')} }`;
  }
}

function namesIn(type: TypeRef): string[] {
  switch (type.kind) {
    case 'model':
      return [type.name];
    case 'array':
    case 'map':
    case 'nullable':
      return namesIn(type.of);
    case 'object':
      return type.properties.flatMap((one) => namesIn(one.type));
    default:
      return [];
  }
}
