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
  CLI_PASSWORD_NEEDED: {
    status: 401,
    blame: 'caller',
    text: 'No password was given for {user}.',
    help: 'Put it into the variable FAIRLEAD_PASSWORD or name a file with --password-file; a password on the command line would stand in the process list.',
  },
});
