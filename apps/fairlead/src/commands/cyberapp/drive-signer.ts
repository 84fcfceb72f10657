import { FakeAcronis, RemoteSigner, type RequestSigner } from '@fairlead/acronis/fake';
import type { AsyncScope } from '@fairlead/kernel/lifecycle';
import { CliError } from '../../cli-errors.ts';
import type { Output } from '../../output.ts';
import type { DriveOptions } from './drive.ts';

/** Who signs request tokens for a play, and whether the handler has asked for the keys. */
export interface DriveSigner {
  readonly signer: RequestSigner;
  /** Always true of a fake that runs by itself. */
  hasBeenAsked(): boolean;
}

export interface SignerOptions extends Pick<DriveOptions, 'fake' | 'keysPort'> {
  /** PEM that the fake is trusted by. */
  readonly ca: string | undefined;
}

/** The keys of a fake that runs, else some that live as long as this play. */
export async function signerOf(options: SignerOptions, scope: AsyncScope, output: Output): Promise<DriveSigner> {
  if (options.fake !== undefined) {
    if (!URL.canParse(options.fake)) throw CliError('CLI_USAGE', { reason: '--fake is the URL that `fairlead fake acronis` prints' });
    return { signer: new RemoteSigner(options.fake, { ca: options.ca }), hasBeenAsked: () => true };
  }
  const port = Number(options.keysPort);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw CliError('CLI_USAGE', { reason: '--keys-port is 0 to 65535' });
  const fake = scope.use(await FakeAcronis.start({ apps: [], ports: [port] }).catch((error: Error) => unusable(port, error)));
  output.tell(`keys of this run, for [cyberapp] of the handler: jwt_issuers = ${fake.issuer}=${fake.keysUrl}`);
  return { signer: fake.signer, hasBeenAsked: () => fake.requests.count('keys') > 0 };
}

function unusable(port: number, error: Error): never {
  throw CliError('CLI_USAGE', { reason: `--keys-port ${port} cannot be used: ${error.message}` }, { cause: error });
}
