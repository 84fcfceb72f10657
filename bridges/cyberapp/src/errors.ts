import { defineErrors } from '@fairlead/kernel/errors';

/** What the CyberApp bridge can meet (cyberapp 10.4). The texts are what an administrator reads in Acronis: nothing of the inside. */
export const CyberappError = defineErrors({
  CYBERAPP_MALFORMED: {
    status: 400,
    blame: 'caller',
    text: '{reason}',
    help: 'See cyberapp 2.2 and 2.5: one JSON object with type, request_id, created_at and context.',
  },
  CYBERAPP_PATH_UNKNOWN: { status: 404, blame: 'caller', text: 'There is nothing here.', help: 'See `[cyberapp] paths`.' },
  CYBERAPP_METHOD_REFUSED: {
    status: 405,
    blame: 'caller',
    text: 'Only {allowed} is taken here.',
    help: 'Callbacks are sent with POST.',
  },
  CYBERAPP_TOO_LARGE: { status: 413, blame: 'caller', text: 'The request is too large.', help: 'See `[cyberapp] max_body`.' },
  CYBERAPP_TOKEN_INVALID: {
    status: 401,
    blame: 'caller',
    text: 'The request could not be authenticated.',
    help: 'The request token of Acronis is missing, over, of another app, or not signed by Acronis; the audit says which.',
  },
  CYBERAPP_UNAUTHENTICATED: {
    status: 401,
    blame: 'caller',
    text: 'The request could not be authenticated.',
    help: 'Login or password that the partner has entered at Acronis are wrong: `fairlead cyberapp user password <login>`.',
  },
  CYBERAPP_LOCKED: {
    status: 429,
    blame: 'caller',
    text: 'Too many attempts. Try again later.',
    help: 'Wrong passwords have locked this login: wait, or `fairlead cyberapp user unlock`.',
  },
  CYBERAPP_FORBIDDEN: {
    status: 403,
    blame: 'caller',
    text: 'This account may not do that.',
    help: 'Only users of an active partner organization may enable the app and map customers.',
  },
  CYBERAPP_DATACENTER_REFUSED: {
    status: 403,
    blame: 'caller',
    text: 'This data center is not served.',
    help: 'See `[cyberapp] datacenter_hosts`.',
  },
  CYBERAPP_CALLBACK_UNKNOWN: {
    status: 400,
    blame: 'caller',
    text: 'This callback is not known.',
    help: 'The app version in the Vendor Portal names a callback that this gateway does not offer: compare with `fairlead cyberapp manifest`.',
  },
  CYBERAPP_PAYLOAD_INVALID: {
    status: 400,
    blame: 'caller',
    text: '{reason}',
    help: 'Compare the schemas in the Vendor Portal with `fairlead cyberapp manifest`.',
  },
  CYBERAPP_USER_INVALID: {
    status: 422,
    blame: 'caller',
    text: '{reason}.',
    help: 'The member `field` of the answer names what must be changed.',
  },
  CYBERAPP_ALREADY_ENABLED: {
    status: 403,
    blame: 'caller',
    text: 'The app cannot be enabled for this tenant with these credentials.',
    help: 'The organization is linked to another tenant, or the tenant to another organization: `fairlead cyberapp mapping list`.',
  },
  CYBERAPP_TENANT_TAKEN: {
    status: 403,
    blame: 'caller',
    text: 'A customer or tenant of the request is already linked elsewhere.',
    help: '`fairlead cyberapp mapping list` says where.',
  },
  CYBERAPP_NOT_YOUR_ORGANIZATION: {
    status: 403,
    blame: 'caller',
    text: 'A customer of the request is not one of this account.',
    help: 'Nothing was stored. Open the mapping page anew.',
  },
  CYBERAPP_REPLAY_MISMATCH: {
    status: 400,
    blame: 'caller',
    text: 'This request id was used for another request.',
    help: 'Each request needs an id of its own.',
  },
  CYBERAPP_USER_CONFLICT: {
    status: 409,
    blame: 'caller',
    text: '{reason}.',
    help: 'The login is taken, or the user is the one who calls or the last who can.',
  },
  CYBERAPP_USER_NOT_FOUND: { status: 404, blame: 'caller', text: 'There is no such user.', help: 'Open the page of users anew.' },
  CYBERAPP_TENANT_NOT_MAPPED: {
    status: 404,
    blame: 'caller',
    text: 'This tenant is not linked to a customer of this account.',
    help: 'Map the tenant first.',
  },
  CYBERAPP_KEYS_UNAVAILABLE: {
    status: 503,
    blame: 'upstream',
    text: 'The request cannot be verified at the moment.',
    help: 'The keys of Acronis cannot be fetched: see the log, and whether this machine reaches acronis.cloud.',
  },
  CYBERAPP_BUSY: {
    status: 429,
    blame: 'gateway',
    text: 'Too many requests at once. Try again.',
    help: 'See `[cyberapp] argon2_concurrency`.',
  },
  CYBERAPP_ORGANIZATION: {
    status: 409,
    blame: 'caller',
    text: '{reason}.',
    help: 'A customer holds nothing, roots are partners, at most 16 levels, no cycles, and what is in use is not removed.',
  },
  CYBERAPP_IMPORT: { status: 409, blame: 'caller', text: 'Nothing was imported: {reason}.', help: 'Mend the source and import again.' },
  CYBERAPP_DELETE_GUARD: {
    status: 409,
    blame: 'gateway',
    text: 'Too much of {organization} has vanished at once; nothing was removed.',
    help: 'When it is true: `fairlead cyberapp connector run --once --allow-deletes <organization>`.',
  },
});
