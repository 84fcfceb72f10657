/** Shapes that many answers share (cce 5.4, 6). */
export const GOODBYE = { status: 201, message: 'GOODBYE' } as const;
const FAIL = { code: 401, message: 'FAIL' } as const;

export function data(fields: Readonly<Record<string, unknown>>) {
  return { ...GOODBYE, data: fields };
}

export function ok(fields: Readonly<Record<string, unknown>>) {
  return { status: 201, message: 'OK', data: fields };
}

/** A failure whose lines stand before FAIL. */
export function failed(...lines: readonly (readonly [number, string])[]) {
  return { status: 401, message: 'GOODBYE', data: { errors: [...lines.map(([code, message]) => ({ code, message })), FAIL] } };
}

export const BAD_PARAMETERS = { status: 403, message: 'GOODBYE', data: { errors: [{ code: 403, message: 'BAD PARAMETERS' }] } } as const;
export const BAD_COMMAND = { status: 402, message: 'GOODBYE', data: { errors: [{ code: 402, message: 'BAD COMMAND' }] } } as const;

/** Credentials that do not hold, where the documentation shows the status of a success (cce 6.4, 6.12). */
export const WHOAMI_REFUSED = data({ errors: [FAIL], oid: '-1' });

/** cce 14.3: the 30 keys of `GET 6`. */
export const ADMIN = {
  CLASS: 'User',
  CLASSVER: '1.0',
  ChorizoStyle: '',
  ElmerStyle: '',
  NAMESPACE: '',
  OID: '6',
  capLevels: '&admin&',
  capabilities: '/^&admin&serverHttpd&.*&siteDNS&$/',
  crypt_password: '/^\\$6\\$fairlead\\.demo\\$/',
  desc_readonly: '0',
  description: '',
  emailDisabled: '0',
  enabled: '1',
  ftpDisabled: '0',
  fullName: 'Administrator',
  gui_theme: 'elmer',
  gui_theme_timer: '0',
  localePreference: 'en_US',
  md5_password: '*',
  name: 'admin',
  noFileCheck: '0',
  password: '',
  shell: '',
  site: '',
  sortName: '',
  stylePreference: 'BlueOnyx',
  systemAdministrator: '1',
  uiRights: '',
  ui_enabled: '1',
  volume: '/home',
} as const;

export const EMAIL = {
  CLASSVER: '1.1',
  NAMESPACE: 'Email',
  aliases: '',
  do_not_reply: '0',
  do_not_reply_from: '',
  forwardEmail: '',
  forwardEnable: '0',
  forwardSave: '0',
  vacationMsg: '',
  vacationMsgStart: '',
  vacationMsgStop: '',
  vacationOn: '0',
} as const;

/** cce 14.3: in the order of NAMES. */
export const USER_NAMESPACES = ['Shell', 'Email', 'subdomains', 'Radicale', 'Disk', 'SSH', 'Sites', 'RootAccess', 'ImapSync'] as const;

/** cce 14: the 35 classes, in the order of the alphabet. */
export const CLASSES = [
  ...['ActiveMonitor', 'Capabilities', 'CapabilityGroup', 'Disk', 'DnsRecord', 'DnsSOA', 'DnsSlaveZone', 'EmailAlias', 'FtpSite'],
  ...['IPPoolingRange', 'MySQL', 'Network', 'PHP', 'Package', 'ProtectedEmailAlias', 'Route', 'SOL_Console', 'SWUpdateServer', 'Schedule'],
  ...['ServiceQuota', 'Shop', 'Subdomains', 'System', 'User', 'UserExtraServices', 'UserServices', 'VirtualHost', 'Vsite'],
  ...['VsiteServices', 'WebApplications', 'WebApplicationsList', 'Workgroup', 'dnsbl', 'mx2', 'pam_abl_settings'],
] as const;

/** cce 14.1, as the demo has it. */
export const SYSTEM = {
  CLASS: 'System',
  CLASSVER: '1.3',
  GUI_PORT: '81',
  GUIaccessType: 'BOTH',
  GUIredirects: '0',
  IPType: 'IPv4',
  NAMESPACE: '',
  OID: '1',
  allowed_themes: 'both',
  console: '0',
  csrf_protection: '0',
  csrf_regenerate: '0',
  ddos_autoban: '0',
  ddos_protection: '0',
  default_gui_theme: 'elmer',
  dns: '',
  domainname: 'example.test',
  extra_ipaddr: '',
  extra_ipaddr_IPv6: '',
  gateway: '208.77.151.1',
  gateway_IPv6: '',
  gui_2fa: '0',
  hostname: 'www',
  isLicenseAccepted: '0',
  isRegistered: '0',
  locales: '&en&',
  nw_update: '0',
  productBuild: '',
  productBuildString: '',
  productIdentity: '5211R',
  productLanguage: 'en_US',
  productName: 'BlueOnyx 5211R',
  productSerialNumber: '',
  productVendor: 'BlueOnyx',
  serialNumber: '',
} as const;

export const SNMP = { CLASSVER: '1.0', NAMESPACE: 'Snmp', enabled: '0', readCommunity: 'public', readWriteCommunity: 'private' } as const;
