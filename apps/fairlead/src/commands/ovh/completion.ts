import type { Command } from 'commander';
import { CliError } from '../../cli-errors.ts';
import type { Output } from '../../output.ts';

/** What may follow a word: `fairlead ovh` → its words and options. */
interface Place {
  /** The words that lead here, without `fairlead`. */
  readonly words: string;
  readonly next: readonly Candidate[];
}

interface Candidate {
  readonly text: string;
  readonly about: string;
}

const SHELLS: Readonly<Record<string, (places: readonly Place[]) => string>> = { bash, zsh, fish };

/** Prints a script that completes the words and options of the whole program. Throws `CLI_USAGE` for another shell. */
export function printCompletion(shell: string, program: Command, output: Output): void {
  const script = Object.hasOwn(SHELLS, shell) ? SHELLS[shell] : undefined;
  if (script === undefined) throw CliError('CLI_USAGE', { reason: `completion is for one of ${Object.keys(SHELLS).join(', ')}` });
  output.print(script(placesOf(program, '')));
}

function placesOf(command: Command, words: string): Place[] {
  const inner = command.commands.map((one) => ({ text: one.name(), about: one.description() }));
  const options = command.options
    .filter((one) => !one.hidden)
    .map((one) => ({ text: one.long ?? one.short ?? '', about: one.description }));
  const next = [...inner, ...options, { text: '--help', about: 'display help for command' }];
  return [{ words, next }, ...command.commands.flatMap((one) => placesOf(one, `${words} ${one.name()}`.trim()))];
}

/** The words so far are those without options; of several places that fit, the longest counts. */
function bash(places: readonly Place[]): string {
  const cases = places
    .toSorted((a, b) => b.words.length - a.words.length)
    .map(({ words, next }) => `    ${words === '' ? '*' : `'${words}'|'${words} '*`}) next='${next.map((one) => one.text).join(' ')}';;`);
  return [
    '_fairlead() {',
    "  local word words='' next='' current=\"${COMP_WORDS[COMP_CWORD]}\"",
    '  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do case $word in -*) ;; *) words="${words:+$words }$word";; esac; done',
    '  case $words in',
    ...cases,
    '  esac',
    '  COMPREPLY=($(compgen -W "$next" -- "$current"))',
    // After words that are none of ours a file may be meant: k=@file has its own rules in the shell.
    '  [ ${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- "$current"))',
    '}',
    'complete -F _fairlead fairlead',
  ].join('\n');
}

function zsh(places: readonly Place[]): string {
  return ['autoload -U +X bashcompinit && bashcompinit', bash(places)].join('\n');
}

function fish(places: readonly Place[]): string {
  const lines = places.flatMap(({ words, next }) =>
    next.map(({ text, about }) => {
      const what = text.startsWith('--') ? `-l ${text.slice(2)}` : `-a ${text}`;
      return `complete -c fairlead -n '__fairlead_after "${words}"' ${what} -d '${quoted(about)}'`;
    }),
  );
  return [
    'function __fairlead_after',
    "  set -l words (string match -v -- '-*' (commandline -opc)[2..-1])",
    '  test "$words" = "$argv[1]"',
    'end',
    'complete -c fairlead -f',
    ...lines,
  ].join('\n');
}

/** Inside of single quotes of fish. */
function quoted(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
}
