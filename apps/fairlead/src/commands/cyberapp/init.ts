import { CliError } from '../../cli-errors.ts';
import type { Output } from '../../output.ts';
import { findPassword } from '../cce/password.ts';
import { type CareOptions, type Desk, recordChange, withDesk } from './shared.ts';

export interface InitOptions extends CareOptions {
  readonly org: string;
  readonly id?: string;
  readonly login: string;
  readonly name?: string;
  readonly email?: string;
  readonly passwordFile?: string;
  readonly demo?: boolean;
}

/** Makes the root partner and its first user. Throws `CLI_CYBERAPP_INIT` when there are organizations already. */
export async function initCyberapp(options: InitOptions, output: Output): Promise<void> {
  await withDesk(options, async (desk) => {
    if ((await desk.organizations.all()).length > 0) throw CliError('CLI_CYBERAPP_INIT');
    const password = await passwordOf(options);
    const root = await desk.organizations.add({ name: options.org, kind: 'partner', id: options.id });
    const { login, name = login, email = `${login}@example.com` } = options;
    await desk.users.add({ login, name, email, organizationId: root.id }, password);
    await recordChange(desk.audit, 'organization.create', root.id, { init: true });
    if (options.demo === true) await addDemo(desk, root.id);
    if (options.json === true) return output.print(JSON.stringify({ organization: root.id, login }));
    output.print(`organization  ${root.id}  ${root.name}`);
    output.print(`login         ${login}`);
    output.print('Enter this login and its password into the enablement form of the CyberApp.');
  });
}

/** Without a terminal and without a file there is nobody to ask: that is a mistake of the command line. */
async function passwordOf({ login, passwordFile }: InitOptions): Promise<string> {
  const isNowhere = passwordFile === undefined && process.env.FAIRLEAD_PASSWORD === undefined && !process.stdin.isTTY;
  if (isNowhere) throw CliError('CLI_USAGE', { reason: 'without a terminal the password comes from --password-file or FAIRLEAD_PASSWORD' });
  const password = await findPassword(login, passwordFile);
  if (password === '') throw CliError('CLI_USAGE', { reason: 'the password is empty' });
  return password;
}

const DEMO_CUSTOMERS = ['Bakery Lind', 'Harbour Law LLP', 'Nordlicht Studio', 'Oak & Iron Works', 'Quay Dental'];
const DEMO_COLLEAGUES = ['ada', 'brook', 'cleo', 'dara', 'emil'];

async function addDemo({ organizations, users }: Desk, rootId: string): Promise<void> {
  for (const [at, name] of DEMO_CUSTOMERS.entries()) {
    const { id } = await organizations.add({ name, kind: 'customer', parentId: rootId });
    const login = `customer${at + 1}`;
    await users.add({ login, name: `${name} office`, email: `${login}@example.com`, organizationId: id });
  }
  for (const login of DEMO_COLLEAGUES) await users.add({ login, name: login, email: `${login}@example.com`, organizationId: rootId });
}
