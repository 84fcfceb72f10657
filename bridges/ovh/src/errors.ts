import { defineErrors } from '@fairlead/kernel/errors';

/** What the configuration of this bridge can be wrong in. What OVHcloud refuses keeps the code of the client, `OVH_…`. */
export const OvhBridgeError = defineErrors({
  OVH_BRIDGE_ACCOUNT: {
    status: 500,
    blame: 'caller',
    text: 'The account [ovh {account}] cannot be used: {reason}',
    help: 'Mend that section or the file named by `[ovh] conf_file`; `fairlead doctor` asks OVHcloud with the keys that count.',
  },
  OVH_BRIDGE_ACCOUNT_NAME: {
    status: 500,
    blame: 'caller',
    text: 'The account [ovh {account}] has a name that no selector can hold',
    help: 'Use up to 64 letters, digits, dots, hyphens and underscores.',
  },
  OVH_BRIDGE_NO_ACCOUNT: {
    status: 500,
    blame: 'caller',
    text: 'The section [ovh] names no account',
    help: 'Add `[ovh <account>]` with keys, or name an ovh.conf in `[ovh] conf_file`.',
  },
});
