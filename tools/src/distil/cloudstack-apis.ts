interface Api {
  readonly name: string;
  readonly isasync: boolean;
  readonly since: string | null;
  readonly params: ReadonlyArray<{ readonly name: string; readonly type: string; readonly required: boolean }>;
}

/**
 * The table of `listApis`: one line an API: name, roles, `*` where it starts a job, `@` and the release that brought it,
 * then its parameters: `name:type`, a text without the type, `!` where it must be given.
 */
export function apiLines(recorded: unknown): string {
  const { api, userApis, domainAdminApis } = recorded as { api: Api[]; userApis: string[]; domainAdminApis: string[] };
  const [users, domainAdmins] = [new Set(userApis), new Set(domainAdminApis)];
  const lines = api.map(({ name, isasync, since, params }) => {
    const roles = `a${domainAdmins.has(name) ? 'd' : ''}${users.has(name) ? 'u' : ''}`;
    const words = params.map((param) => `${param.name}${param.type === 'string' ? '' : `:${param.type}`}${param.required ? '!' : ''}`);
    return [name, `${roles}${isasync ? '*' : ''}${since === null ? '' : `@${since}`}`, ...words].join(' ');
  });
  return [
    '/** An API in each line: name, roles that it is offered to (a root admin, d domain admin, u ordinary account), `*` a job, `@` since; parameters. */',
    'export const API_LINES = `',
    ...lines,
    '`;',
    '',
  ].join('\n');
}
