import { defineErrors } from '@fairlead/kernel/errors';

/** What a call to Acronis may end with (CyberApp 4.11, 10.4). `detail` has `dc`, `call`, and `status` where there was an answer. */
export const AcronisError = defineErrors({
  ACRONIS_UNREACHABLE: {
    status: 503,
    blame: 'upstream',
    text: 'Acronis {dc} cannot be reached: {reason}',
    help: 'Check the address of the data center in the configuration, the network, and the roots that its certificate is checked with.',
  },
  ACRONIS_AMBIGUOUS: {
    status: 502,
    blame: 'upstream',
    text: 'Acronis {dc} gave no whole answer to {call}, which may have been carried out: {reason}',
    help: 'The connector looks up what became of it before it sends it again. If this goes on, look at the network between the two.',
  },
  ACRONIS_TOKEN_REFUSED: {
    status: 502,
    blame: 'gateway',
    text: 'Acronis {dc} does not accept the credentials of the connector: {reason}',
    help: 'Check client id and secret of the data center. A new API key in the Vendor Portal makes the one before it useless at once.',
  },
  ACRONIS_FORBIDDEN: {
    status: 502,
    blame: 'gateway',
    text: 'Acronis {dc} does not allow {call}: {reason}',
    help: 'The tenant has not enabled the app in this data center, or the API client lacks the access scope.',
  },
  ACRONIS_GONE: {
    status: 404,
    blame: 'caller',
    text: 'Acronis {dc} does not have what {call} names.',
    help: 'Somebody removed it in the Acronis console. The connector makes it anew where it is wanted.',
  },
  ACRONIS_REFUSED: {
    status: 502,
    blame: 'gateway',
    text: 'Acronis {dc} refuses {call} with status {status}: {reason}',
    help: 'Compare types, categories and attributes in the Vendor Portal with `fairlead cyberapp manifest`.',
  },
  ACRONIS_TOO_LARGE: {
    status: 502,
    blame: 'gateway',
    text: 'What {call} sent is too large for Acronis {dc}.',
    help: 'The connector sends fewer items at once next time; a single alert is shortened.',
  },
  ACRONIS_THROTTLED: {
    status: 503,
    blame: 'upstream',
    text: 'Acronis {dc} wants fewer calls: {reason}',
    help: 'The connector pauses the data center as long as it was told to. Lower `requests_per_second` if this goes on.',
  },
  ACRONIS_SERVER: {
    status: 502,
    blame: 'upstream',
    text: 'Acronis {dc} failed at {call} with status {status}: {reason}',
    help: 'Their side is ill; the connector tries again later.',
  },
  ACRONIS_PROTOCOL: {
    status: 502,
    blame: 'upstream',
    text: 'The answer of Acronis {dc} to {call} cannot be used: {reason}',
    help: 'Check that the address of the data center is really that of Acronis and not a proxy or a login page.',
  },
});
