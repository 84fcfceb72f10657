import { canonicalText, plainText } from '@fairlead/cscp/codec';
import type { CceRequest, Search } from './command.ts';

/** A command for the log (cce 10): in the form of CSCP, what is secret masked, control bytes escaped. */
export function describeCommand({ verb, command }: CceRequest): string {
  switch (command.kind) {
    case 'operation':
      return canonicalText(command.operation, { mask: true });
    case 'create-deep':
      return [canonicalText(command.operation, { mask: true }), ...command.namespaces.keys()].join(' + ');
    case 'find':
    case 'get-all':
      return searchText(verb, command.search);
    case 'get-object':
      return `${searchText(verb, command.search)}${command.namespace === '' ? '' : ` . ${command.namespace}`}`;
    case 'get-all-of':
      return [verb, ...command.oids].join(' ');
    case 'batch':
      return [verb, ...command.operations.map((operation) => ('oid' in operation ? operation.oid : ''))].join(' ').trimEnd();
    case 'schema':
      return plainText([verb, command.class ?? '', command.namespace ?? ''].join(' ').trimEnd());
    default:
      return verbText(verb);
  }
}

/** Of what is no verb only the letters at its beginning: `AUTH"admin""…"` is one word too. */
function verbText(verb: string): string {
  const [letters = ''] = /^[A-Za-z]{0,16}/.exec(verb) ?? [];
  return letters === verb ? verb : `${letters}...`;
}

function searchText(verb: string, search: Search): string {
  const { class: name, criteria, sort } = search;
  return canonicalText({ verb: 'FIND', class: name, criteria, sort }, { mask: true }).replace(/^FIND/, verb);
}
