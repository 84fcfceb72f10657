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

/** A word that leads to another place is followed; any other one is a parameter or the value of an option, and the place stays. */
function bash(places: readonly Place[]): string {
  const cases = places.map(({ words, next }) => `    '${words}') echo '${next.map((one) => one.text).join(' ')}';;`);
  return `_fairlead_next() {
  case $1 in
${cases.join('\n')}
    *) return 1;;
  esac
}
_fairlead() {
  local words='' longer i
  for ((i = 1; i < COMP_CWORD; i++)); do
    longer="\${words:+$words }\${COMP_WORDS[i]}"
    _fairlead_next "$longer" > /dev/null && words=$longer
  done
  COMPREPLY=($(compgen -W "$(_fairlead_next "$words")" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _fairlead fairlead`;
}

function zsh(places: readonly Place[]): string {
  return `autoload -U +X bashcompinit && bashcompinit\n${bash(places)}`;
}

function fish(places: readonly Place[]): string {
  const lines = places.flatMap(({ words, next }) =>
    next.map(({ text, about }) => {
      const what = text.startsWith('--') ? `-l ${text.slice(2)}` : `-a ${text}`;
      return `complete -c fairlead -n '__fairlead_at "${words}"' ${what} -d '${quoted(about)}'`;
    }),
  );
  return `set -g __fairlead_places ${places.map(({ words }) => `'${words}'`).join(' ')}
function __fairlead_at
  set -l words
  for word in (commandline -opc)[2..-1]
    set -l longer (string join ' ' -- $words $word)
    contains -- "$longer" $__fairlead_places; and set words (string split ' ' -- $longer)
  end
  test "$words" = "$argv[1]"
end
${lines.join('\n')}`;
}

/** Inside of single quotes of fish. */
function quoted(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
}
