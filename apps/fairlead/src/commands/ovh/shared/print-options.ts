import { type Command, InvalidArgumentError, Option } from 'commander';
import { isPath } from './select.ts';

/** In which form a result is printed: see PrintWords. */
export function addPrintOptions(command: Command): Command {
  const forms = ['json', 'table', 'ndjson', 'yamlIsh'];
  const form = (flag: string, description: string, own: string) =>
    new Option(flag, description).conflicts(forms.filter((other) => other !== own));
  return command
    .addOption(form('--json', 'print JSON; an error is one JSON object on standard error', 'json'))
    .addOption(form('--table', 'print a table (of a flat list on a terminal anyway)', 'table'))
    .addOption(form('--ndjson', 'print each element of a list as a line of JSON', 'ndjson'))
    .addOption(form('--yaml-ish', 'print in the shape of YAML', 'yamlIsh'))
    .option('--select <path>', 'print a part only: nichandle, renew.automatic, [].name, *.state', checkedPath);
}

/** Before anything is sent. */
function checkedPath(path: string): string {
  if (path === '' || !isPath(path)) throw new InvalidArgumentError('a path such as nichandle, renew.automatic or [].name');
  return path;
}
