export { bridge } from './bridge.ts';
export type { CyberappSettings } from './config.ts';
export { type ImportReport, importVendor } from './service/import/import-vendor.ts';
export { readVendorFile } from './service/import/vendor-file.ts';
export { listLinks, removeLink, type ShownLink } from './service/link-list.ts';
export { Organizations } from './service/organizations.ts';
export { identityKey, LIMIT_FACE } from './service/security/authenticator.ts';
export { Users } from './service/users.ts';
export type { OrganizationRow, UserRow } from './store/tables.ts';
