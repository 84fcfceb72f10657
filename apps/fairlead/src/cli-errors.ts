import { defineErrors } from '@fairlead/kernel/errors';

/** What the command line itself can meet. */
export const CliError = defineErrors({
  CLI_USAGE: { status: 400, blame: 'caller', text: '{reason}', help: 'See `fairlead <command> --help`.' },
  CLI_INIT_EXISTS: {
    status: 409,
    blame: 'caller',
    text: '{path} exists already.',
    help: 'It may hold the secret that kept values were sealed with. Move it away yourself if a new gateway is meant.',
  },
  CLI_SECRET_ELSEWHERE: {
    status: 400,
    blame: 'caller',
    text: 'The server secret does not stand in the configuration file: it comes from {source}.',
    help: 'Change it there: the new secret as hmac_secret, the former one as former_hmac_secret.',
  },
  CLI_SECRET_NOT_OVER: {
    status: 409,
    blame: 'caller',
    text: 'The change of the server secret is not over: {reasons}.',
    help: 'Wait until `fairlead secret status` says that the former secret is needed no more.',
  },
  CLI_SECRET_SHARED: {
    status: 409,
    blame: 'caller',
    text: 'Several gateways share this store: {gateways}.',
    help: 'Begin with `fairlead secret rotate --prepare`, so that all of them know the new secret before one uses it (docs/operate/secrets.md).',
  },
  CLI_STORE_OTHER_VERSION: {
    status: 409,
    blame: 'caller',
    text: 'The store was last used by another version: the steps {steps} are missing.',
    help: 'Start the gateway of this version once; it brings the store up to date.',
  },
  CLI_UNWELL: {
    status: 500,
    blame: 'gateway',
    text: '{failed} of {checked} checks have failed.',
    help: 'Each line above says what to do.',
  },
  CLI_CCE_NOT_FOUND: {
    status: 404,
    blame: 'caller',
    text: 'CCE refused the command: {reason}.',
    help: '`fairlead cce classes`, `find` and `names` tell what there is.',
  },
  CLI_CCE_DENIED: {
    status: 403,
    blame: 'caller',
    text: 'CCE refused the command: {reason}.',
    help: 'Log in as a user who may do it (--user), with the client secret of this machine (--secret), or use the admin socket.',
  },
  CLI_CCE_FAILED: {
    status: 409,
    blame: 'caller',
    text: 'CCE refused the command: {reason}.',
    help: 'Nothing was changed. The log of the gateway says more when a handler failed.',
  },
  CLI_CCE_AWAY: {
    status: 502,
    blame: 'upstream',
    text: 'CCE does not serve: {reason}.',
    help: 'Check that cced or the gateway runs and that --socket or --url names it.',
  },
  CLI_CCE_LINT: {
    status: 409,
    blame: 'caller',
    text: '{errors} errors in {files} files.',
    help: 'Each line above names file, line and what is wrong.',
  },
  CLI_OVH_PARTIAL: {
    status: 409,
    blame: 'upstream',
    text: 'The answer is not complete: {reason}.',
    help: 'What was printed is right; each line above says what is missing, and why.',
  },
  CLI_OVH_REFUSED: {
    status: 400,
    blame: 'caller',
    text: 'OVHcloud answered with {answered}.',
    help: 'The body above says why; without --raw the error is explained.',
  },
  CLI_OVH_NOT_FOUND: {
    status: 404,
    blame: 'caller',
    text: '{reason}.',
    help: '`fairlead ovh config show` tells what is set, and where; `fairlead ovh config profile list` tells the profiles.',
  },
  CLI_OVH_NOT_GRANTED: {
    status: 403,
    blame: 'caller',
    text: 'The consumer key has no rule {rule}.',
    help: 'The rules of a key cannot be changed: `fairlead ovh credential request --allow METHOD:PATH …` asks for a new one.',
  },
  CLI_OVH_INTERRUPTED: {
    status: 409,
    blame: 'caller',
    text: 'Interrupted: nothing was printed.',
    help: 'With --cache <file> the next run asks only for what is missing.',
  },
  CLI_OVH_NO_SCHEMA: {
    status: 404,
    blame: 'caller',
    text: 'There are no schema documents in {folder}.',
    help: '`fairlead ovh schema update` fetches them; no key is needed for that.',
  },
  CLI_OVH_NO_ROUTE: {
    status: 404,
    blame: 'caller',
    text: 'The schema documents have no {wanted}.',
    help: '`fairlead ovh schema list` and `search` tell what there is; `schema update` fetches the documents of today.',
  },
  CLI_OVH_DIFFERENT: {
    status: 409,
    blame: 'caller',
    text: '{count} routes differ.',
    help: 'Each line above names one.',
  },
  CLI_OVH_FILE: {
    status: 500,
    blame: 'caller',
    text: '{reason}.',
    help: 'Name another file, or mend its rights.',
  },
  CLI_CYBERAPP_INIT: {
    status: 409,
    blame: 'caller',
    text: 'There are organizations already.',
    help: '`fairlead cyberapp org list --tree` shows them, `org add` adds another one.',
  },
  CLI_CYBERAPP_DRIVE: {
    status: 502,
    blame: 'upstream',
    text: 'The handler at {url} does not let {login} in: {reason}.',
    help: 'Does it believe the keys that sign ([cyberapp] jwt_issuers, [connector] allow_private), is --app its app_code, is --ca its authority, and are login and password right?',
  },
  CLI_CYBERAPP_DIFFERENT: {
    status: 409,
    blame: 'caller',
    text: 'A run would do: {operations}.',
    help: 'Each line above is one operation; `fairlead cyberapp connector run --once` carries them out.',
  },
  CLI_CYBERAPP_RUN: {
    status: 502,
    blame: 'upstream',
    text: 'Not everything was pushed: {outcomes}.',
    help: '`fairlead cyberapp connector status` says what is in the way.',
  },
  CLI_CYBERAPP_NOT_FOUND: {
    status: 404,
    blame: 'caller',
    text: 'There is no {what}.',
    help: 'See `fairlead cyberapp mapping list` and `fairlead audit`.',
  },
  CLI_PASSWORD_NEEDED: {
    status: 401,
    blame: 'caller',
    text: 'No password was given for {user}.',
    help: 'Put it into the variable FAIRLEAD_PASSWORD or name a file with --password-file; a password on the command line would stand in the process list.',
  },
});

/** An error that was put into the words, or the JSON, that were asked for; the cause decides about the exit code. */
export class ToldError extends Error {
  override readonly name = 'ToldError';
  override readonly cause: unknown;

  constructor(text: string, cause: unknown) {
    super(text);
    this.cause = cause;
  }
}
