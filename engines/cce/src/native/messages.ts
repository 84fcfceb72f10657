/** English texts of the tags that the engine, the shipped schemas and our handlers send (cce 12.6). `{name}` is a value of the tag. */
const TEXTS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'base-cce.invalidData': 'The value is not valid.',
    'base-cce.unknownAttr': 'There is no such property.',
    'base-cce.unknownType': 'The type of this property is not known.',
    'base-cce.fq_email_address_or_username_errmsg': 'This is neither a mail address nor the name of a user.',
    'base-email.bad_blockUserField': 'This is no complete mail address.',
    'base-email.aliasAlreadyTaken': 'The mail alias {alias} is already in use.',
    'base-ssl.country_invalid': 'The country is given by its two capital letters.',
    'base-vsite.fqdnInUse': 'Another site already has the name {fqdn}.',
    'base-vsite.systemFqdnNotAllowed': 'A site cannot have the name of the server itself.',
    'base-vsite.localhostNotAllowed': 'A site cannot be called localhost.',
    'base-vsite.fqdnTooLong': 'The name of a site has at most 255 characters.',
    'base-vsite.prefixTooLong': 'The prefix of a site has at most 5 characters.',
    'base-vsite.siteLimitReached': 'The server has its limit of {max} sites.',
    'base-vsite.usedWebAliases': 'A web alias is already the name or alias of another site.',
    'base-vsite.usedMailAliases': 'A mail alias is already the name or alias of another site.',
    'base-vsite.overUserLimit': 'The site {site} may have at most {max} users.',
    'base-user.userNameAlreadyTaken': 'The user name {name} is taken or reserved.',
    'base-user.cannotDestroyYourself': 'Users cannot remove themselves.',
    'base-user.cannotDestroyUser': 'The user {name} cannot be removed.',
    'base-user.capabilityNotHeld': 'The capability {capability} can be given only by somebody who has it.',
    'base-user.siteNotYours': 'Only an administrator of users can move a user to the site {site}.',
  }),
);

const TAG = /^\[\[([A-Za-z0-9_.-]+)((?:,[A-Za-z0-9_]+='[^']*')*)\]\]$/;
const VALUE = /,([A-Za-z0-9_]+)='([^']*)'/g;

/** The English text of a tag such as `[[base-vsite.fqdnInUse,fqdn='www.example.com']]`; undefined for tags of others and for plain text. */
export function textOf(message: string): string | undefined {
  const found = TAG.exec(message);
  const text = TEXTS.get(found?.[1] ?? '');
  if (text === undefined) return undefined;
  const values = new Map(Array.from((found?.[2] ?? '').matchAll(VALUE), ([, key = '', value = '']) => [key, value]));
  return text.replaceAll(/\{(\w+)\}/g, (_, key: string) => values.get(key) ?? '?');
}
