import { defineErrors } from '@fairlead/kernel/errors';

/** Every refusal of the oVirt face. The fault's `reason` follows from the status (api/face.ts), its `detail` is the text. */
export const OvirtError = defineErrors({
  OVIRT_NOT_FOUND: {
    status: 404,
    blame: 'caller',
    text: 'Entity not found: {id}',
    help: 'The id is not known, or it belongs to somebody else: list the collection again with the same user.',
  },
  OVIRT_NO_SUCH_PATH: {
    status: 404,
    blame: 'caller',
    text: 'There is nothing at {path}',
    help: 'Check the path; docs/bridges/ovirt.md lists every method and path that is served.',
  },
  OVIRT_METHOD_NOT_ALLOWED: {
    status: 405,
    blame: 'caller',
    text: '{method} is not allowed here; allowed: {allow}',
    help: 'Use one of the methods of the Allow header.',
  },
  OVIRT_NOT_ACCEPTABLE: {
    status: 406,
    blame: 'caller',
    text: 'Only application/xml and application/json can be answered',
    help: 'Send an Accept header that names XML, JSON or */*.',
  },
  OVIRT_BAD_REQUEST: {
    status: 400,
    blame: 'caller',
    text: '{text}',
    help: 'Mend the request as the text says.',
  },
  OVIRT_INCOMPLETE: {
    status: 400,
    blame: 'caller',
    text: '{type} [{fields}] required for {action}',
    help: 'Send the named elements.',
  },
  OVIRT_BAD_ID: {
    status: 400,
    blame: 'caller',
    text: '{id} is not a UUID',
    help: 'Ids are UUIDs: take them from a listing.',
  },
  OVIRT_BAD_VERSION: {
    status: 400,
    blame: 'caller',
    text: 'Version {version} of the API is not served; only version 4 is',
    help: 'Send `Version: 4` or leave the header out.',
  },
  OVIRT_BAD_SEARCH: {
    status: 400,
    blame: 'caller',
    text: 'The search query cannot be answered: {text}',
    help: 'docs/bridges/ovirt.md lists the fields that each collection can be searched by.',
  },
  OVIRT_BODY_TOO_LARGE: {
    status: 413,
    blame: 'caller',
    text: 'The body is larger than {limit} bytes',
    help: 'Send less at once; no resource of this API needs more than 8 MiB.',
  },
  OVIRT_UNAUTHORIZED: {
    status: 401,
    blame: 'caller',
    text: '{text}',
    help: 'Log in again at /ovirt-engine/sso/oauth/token, or check user, profile and password.',
  },
  OVIRT_LOGIN_REFUSED: {
    status: 401,
    blame: 'caller',
    text: "Cannot authenticate user '{user}': {text}",
    help: 'Check user@profile and password; the profile is the CloudStack domain path, or `internal` for accounts of Fairlead.',
  },
  OVIRT_FORBIDDEN: {
    status: 403,
    blame: 'caller',
    text: '{text}',
    help: 'The CloudStack role of this user does not allow it.',
  },
  OVIRT_CONFLICT: {
    status: 409,
    blame: 'caller',
    text: '{text}',
    help: 'The object is in a state, or in use, that does not allow this now.',
  },
  OVIRT_SERVICE_KEY_NEEDED: {
    status: 409,
    blame: 'gateway',
    text: 'This needs the service key of the gateway, which is not configured or is not a root admin’s',
    help: 'Put `api_key` and `secret_key` of a root admin into `[cloudstack]`.',
  },
  OVIRT_STORAGE_UNSUPPORTED: {
    status: 409,
    blame: 'caller',
    text: 'Storage of type {type} cannot be read by the image service',
    help: 'Images on Filesystem, NetworkFilesystem and SharedMountPoint pools can be transferred.',
  },
  OVIRT_CLOUDSTACK_UNREACHABLE: {
    status: 503,
    blame: 'upstream',
    text: 'CloudStack does not answer: {text}',
    help: 'Check `[cloudstack] endpoint`, its certificate and the management server.',
  },
  OVIRT_CLOUDSTACK_REFUSED: {
    status: 409,
    blame: 'upstream',
    text: '{text}',
    help: 'CloudStack refused; the text is its own.',
  },
  OVIRT_CLOUDSTACK_FAILED: {
    status: 500,
    blame: 'upstream',
    text: 'CloudStack failed: {text}',
    help: 'The log of the CloudStack management server says why.',
  },
});
