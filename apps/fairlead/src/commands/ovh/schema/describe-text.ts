import type { FoundRoute, ModelInfo, ModelProperty, RouteInfo, TypeRef } from '@fairlead/ovh/schema';
import { compactTable } from '../shared/compact-table.ts';
import { printable } from '../shared/text.ts';

/** An enumeration of so few values stands where it is used. */
const FEW = 8;

/** A route for people: its operations, then the models that they mention by name, and with `all` those within them. */
export function describeText({ operations, models }: FoundRoute, all: boolean): string {
  return new Description(models).text(operations, all);
}

class Description {
  readonly #models: readonly ModelInfo[];
  readonly #inline: ReadonlyMap<string, string>;

  constructor(models: readonly ModelInfo[]) {
    const few = models.flatMap(({ name, type }): [string, string][] =>
      type.kind === 'enum' && type.values.length <= FEW ? [[name, type.values.join(' | ')]] : [],
    );
    this.#inline = new Map(few);
    this.#models = models.filter((model) => !this.#inline.has(model.name));
  }

  text(operations: readonly RouteInfo[], all: boolean): string {
    const mentioned = new Set(
      operations.flatMap(({ response, body }) => [...namesIn(response), ...(body === undefined ? [] : namesIn(body.type))]),
    );
    const shown = this.#models.filter((model) => all || mentioned.has(model.name));
    const others = this.#models.filter((model) => !shown.includes(model)).map((model) => model.name);
    const rest = others.length === 0 ? [] : [`further models (--models): ${others.join(', ')}`];
    return [...operations.map((route) => this.#operation(route)), ...shown.map((model) => this.#model(model)), ...rest].join('\n\n');
  }

  #operation(route: RouteInfo): string {
    const facts: readonly (readonly [string, string | undefined])[] = [
      ['status', route.status],
      ['deprecated', deprecationText(route)],
      ['rights', route.noAuth ? 'none: anybody may call it' : route.iamActions.join(', ') || undefined],
      ['rule', route.noAuth ? undefined : `${route.method}:${route.path.replace(/\{[^{}/]*\}/g, '*')}`],
      ['pages', route.paginated ? 'yes (--all reads all of them)' : undefined],
      ['expands to', route.expandsTo],
      ['body', route.body && `${this.#type(route.body.type)}${route.body.required ? '' : ' (may be absent)'}`],
      ['answer', this.#type(route.response)],
    ];
    const lines = facts.flatMap(([name, value]) => (value === undefined ? [] : [`${name.padEnd(10)}  ${printable(value)}`]));
    const parameters = route.parameters.map((one) => [
      one.name,
      one.in,
      this.#type(one.type),
      one.required ? 'required' : '',
      one.description ?? '',
    ]);
    const table = parameters.length === 0 ? [] : ['', ...tableLines(['parameter', 'in', 'type', '', 'description'], parameters)];
    return [`${route.method} ${route.path}`, ...indented([...descriptionLines(route.description), ...lines, ...table])].join('\n');
  }

  #model({ name, type, description }: ModelInfo): string {
    const lines =
      type.kind === 'object'
        ? tableLines(
            ['member', 'type', '', 'description'],
            type.properties.map((one) => this.#member(one)),
          )
        : [this.#type(type)];
    return [name, ...indented([...descriptionLines(description), ...lines])].join('\n');
  }

  #member({ name, type, readOnly, required, secret, description }: ModelProperty): string[] {
    const marks = [readOnly && 'read-only', required && 'required', secret && 'secret'].filter((mark) => mark !== false);
    return [name, this.#type(type), marks.join(' '), description ?? ''];
  }

  /** A type in one line. */
  #type(type: TypeRef): string {
    switch (type.kind) {
      case 'scalar':
        return type.format === undefined ? type.name : `${type.name} (${type.format})`;
      case 'enum':
        return type.values.map(String).join(' | ');
      case 'array':
        return `list of ${this.#type(type.of)}`;
      case 'map':
        return `map of ${this.#type(type.of)}`;
      case 'nullable':
        return `${this.#type(type.of)} or null`;
      case 'model':
        return this.#inline.get(type.name) ?? type.name;
      case 'object':
        return `{ ${type.properties.map((one) => `${one.name}${one.required ? '' : '?'}: ${this.#type(one.type)}`).join(', ')} }`;
    }
  }
}

function deprecationText({ deprecation }: RouteInfo): string | undefined {
  if (deprecation === undefined) return undefined;
  const { since, until, replacement } = deprecation;
  const facts = [since && `since ${since}`, until && `until ${until}`, replacement && `use ${replacement}`];
  return facts.filter(Boolean).join(', ') || 'yes';
}

function descriptionLines(description: string | undefined): string[] {
  return description === undefined || description.trim() === '' ? [] : [printable(description)];
}

function tableLines(heading: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return compactTable(
    heading,
    rows.map((row) => row.map(printable)),
    2,
  ).split('\n');
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => (line === '' ? '' : `  ${line}`));
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
