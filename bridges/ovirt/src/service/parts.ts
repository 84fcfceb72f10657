import type { BridgeContext } from '@fairlead/kernel/lifecycle';
import type { OvirtSettings } from '../config.ts';
import type { Href } from '../map/href.ts';
import type { OvirtStore } from '../store/ovirt-store.ts';
import type { Auth } from './auth.ts';
import type { Cloud } from './cloud.ts';
import type { Follow } from './follow.ts';
import type { Inventory } from './inventory.ts';
import type { VmView } from './vm-view.ts';
import type { WriteParts } from './write-parts.ts';

/** What reading needs; made first, in `index.ts`. */
export interface ReadParts {
  readonly context: BridgeContext;
  readonly config: OvirtSettings;
  readonly store: OvirtStore;
  readonly cloud: Cloud;
  readonly inventory: Inventory;
  readonly follow: Follow;
  readonly auth: Auth;
  readonly vmView: VmView;
  /** Stable id of this installation, made once. */
  readonly instanceId: () => Promise<string>;
  /** Makes hrefs: `href('vms', id, 'nics')`. */
  readonly href: Href;
}

/** Everything that routes and periodic work may use; made once in `start()`. */
export interface Parts extends ReadParts, WriteParts {}
