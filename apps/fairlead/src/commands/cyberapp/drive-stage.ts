import { readFile } from 'node:fs/promises';
import {
  CallbackDriver,
  type DriverAnswer,
  type ScenarioName,
  type Stage,
  type StageAccount,
  type StagePartner,
} from '@fairlead/acronis/fake';
import { systemClock } from '@fairlead/kernel/clock';
import { newUuid } from '@fairlead/kernel/ids';
import { CliError } from '../../cli-errors.ts';
import { findPassword, withoutLineEnd } from '../cce/password.ts';
import type { DriveOptions } from './drive.ts';
import type { DriveSigner } from './drive-signer.ts';

/** A handler looks for a key that it does not know once in a minute. */
const KEYS_WAIT_MS = 70_000;
const LOOK_MS = 5000;

interface Parts {
  readonly ca: string | undefined;
  readonly signer: DriveSigner;
}

/** Finds out by the accounts what there is to play on: the handler tells which organizations they are, and their customers. */
export async function stageOf(scenario: ScenarioName, options: DriveOptions, parts: Parts): Promise<Stage> {
  const base = {
    url: options.url,
    appCode: options.app,
    datacenterUrl: options.datacenter,
    ca: parts.ca,
    signer: parts.signer.signer,
    otherDatacenterUrl: 'https://us5.acronis.cloud',
    datacenterAlias: aliasOf(options.datacenter),
    spareTenants: [newUuid(), newUuid()] as const,
  };
  const nobody = unknownPartner();
  if (scenario === 'mirrored')
    return { ...base, partner: nobody, stranger: unknownPartner(), subPartner: unknownPartner(), mirrored: mirroredOf(options) };
  const finder = new Finder(base, options, parts.signer);
  const login = options.login ?? '';
  const first = await finder.partner([
    { identity: login, password: await findPassword(login, options.passwordFile) },
    ...(await accounts(options.second)),
  ]);
  const others = async (word: string | undefined) => {
    const [account] = await accounts(word);
    return account === undefined ? unknownPartner() : await finder.partner([account]);
  };
  const subPartner = await others(options.sub);
  // What is below the one below is not the first's to play with.
  const theirs = new Set(options.sub === undefined ? [] : subPartner.customers.map(({ organizationId }) => organizationId));
  const [c1, c2, ...rest] = first.customers.filter(({ organizationId }) => !theirs.has(organizationId));
  if (c1 === undefined || c2 === undefined) throw CliError('CLI_USAGE', { reason: `${login} needs two customers of its own to play with` });
  return { ...base, partner: { ...first, customers: [c1, c2, ...rest] }, stranger: await others(options.stranger), subPartner };
}

type Base = Pick<Stage, 'url' | 'appCode' | 'datacenterUrl' | 'ca' | 'signer'>;

class Finder {
  readonly #base: Base;
  readonly #options: DriveOptions;
  readonly #signer: DriveSigner;

  constructor(base: Base, options: DriveOptions, signer: DriveSigner) {
    this.#base = base;
    this.#options = options;
    this.#signer = signer;
  }

  async partner(all: readonly [StageAccount, ...StageAccount[]]): Promise<StagePartner> {
    const tenantId = newUuid();
    const driver = new CallbackDriver({ ...this.#base, ...all[0], tenantId });
    const read = await this.#known(driver, all[0].identity);
    const { vendor_tenant_id: organizationId, acronis_tenant_id: linked } = read.payload as Readonly<Record<string, string>>;
    if (linked !== undefined && this.#options.reset !== true)
      throw CliError('CLI_USAGE', { reason: `${all[0].identity} is enabled already, and a play ends that: say --reset if that is meant` });
    const { payload } = await driver.topologyRead();
    const items = (payload as { readonly items?: readonly { readonly id: string }[] } | undefined)?.items ?? [];
    const [first, ...rest] = items.map(({ id }) => ({ organizationId: id, tenantId: newUuid() }));
    if (first === undefined) throw CliError('CLI_USAGE', { reason: `${all[0].identity} has no customers to play with` });
    return { organizationId: organizationId ?? '', tenantId, accounts: all, customers: [first, ...rest] };
  }

  /** The first answer, once the handler has fetched the keys that sign. */
  async #known(driver: CallbackDriver, identity: string): Promise<DriverAnswer> {
    const until = systemClock.now() + KEYS_WAIT_MS;
    for (;;) {
      const answer = await driver.enablementRead();
      if (answer.accepted) return answer;
      const isEarly = !this.#signer.hasBeenAsked() && [401, 503].includes(answer.status) && systemClock.now() < until;
      if (!isEarly) throw CliError('CLI_CYBERAPP_DRIVE', { url: this.#base.url, login: identity, reason: reasonOf(answer) });
      await systemClock.sleep(LOOK_MS);
    }
  }
}

function reasonOf({ status, failure, problems }: DriverAnswer): string {
  if (failure !== undefined) return failure;
  return status === 200 ? problems.join('; ') : `status ${status}`;
}

/** `login:file`. */
async function accounts(word: string | undefined): Promise<readonly StageAccount[]> {
  if (word === undefined) return [];
  const at = word.indexOf(':');
  if (at < 1) throw CliError('CLI_USAGE', { reason: 'an account is login:file, the file of its password' });
  return [{ identity: word.slice(0, at), password: withoutLineEnd(await readFile(word.slice(at + 1), 'utf8')) }];
}

/** One whom the handler does not know: scenarios that need somebody there say so before. */
function unknownPartner(): Stage['partner'] {
  const id = newUuid();
  const customer = () => ({ organizationId: newUuid(), tenantId: newUuid() });
  return {
    organizationId: id,
    tenantId: newUuid(),
    accounts: [{ identity: `nobody-${id}`, password: id }],
    customers: [customer(), customer()],
  };
}

function mirroredOf({ url }: DriveOptions): NonNullable<Stage['mirrored']> {
  const tenant = (name: string) => ({ tenantId: newUuid(), name });
  return { url, tenantId: newUuid(), tenantName: 'Drive', customers: [tenant('Drive customer 1'), tenant('Drive customer 2')] };
}

function aliasOf(datacenter: string): string | undefined {
  const [, label] = /^https:\/\/([a-z0-9]+)\.acronis\.cloud\/?$/.exec(datacenter) ?? [];
  return label === undefined ? undefined : `https://${label}-cloud.acronis.com`;
}
