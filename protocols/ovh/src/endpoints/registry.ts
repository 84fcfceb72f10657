import type { Endpoint } from './endpoint.ts';

/** The endpoints of spec 1.1. */
export const endpoints: readonly Endpoint[] = [
  {
    name: 'ovh-eu',
    aliases: ['eu'],
    baseUrl: 'https://eu.api.ovh.com/1.0',
    altBaseUrls: ['https://api.eu.ovhcloud.com/1.0', 'https://api.ovh.com/1.0'],
    tokenUrl: 'https://www.ovh.com/auth/oauth2/token',
    altTokenUrls: ['https://auth.eu.ovhcloud.com/oauth2/token'],
    createAppUrl: 'https://auth.eu.ovhcloud.com/api/createApp',
    createTokenUrl: 'https://auth.eu.ovhcloud.com/api/createToken',
    consoleUrl: 'https://eu.api.ovh.com/console/',
    brand: 'ovhcloud',
    region: 'eu',
    v2: true,
    oauth2: true,
  },
  {
    name: 'ovh-ca',
    aliases: ['ca'],
    baseUrl: 'https://ca.api.ovh.com/1.0',
    altBaseUrls: ['https://api.ca.ovhcloud.com/1.0'],
    tokenUrl: 'https://ca.ovh.com/auth/oauth2/token',
    altTokenUrls: ['https://auth.ca.ovhcloud.com/oauth2/token'],
    createAppUrl: 'https://auth.ca.ovhcloud.com/api/createApp',
    createTokenUrl: 'https://auth.ca.ovhcloud.com/api/createToken',
    consoleUrl: 'https://ca.api.ovh.com/console/',
    brand: 'ovhcloud',
    region: 'ca',
    v2: true,
    oauth2: true,
  },
  {
    name: 'ovh-us',
    aliases: ['us'],
    baseUrl: 'https://api.us.ovhcloud.com/1.0',
    altBaseUrls: [],
    tokenUrl: 'https://us.ovhcloud.com/auth/oauth2/token',
    altTokenUrls: [],
    createAppUrl: 'https://us.ovhcloud.com/auth/api/createApp',
    createTokenUrl: 'https://us.ovhcloud.com/auth/api/createToken',
    consoleUrl: 'https://api.us.ovhcloud.com/console/',
    brand: 'ovhcloud',
    region: 'us',
    v2: true,
    oauth2: true,
  },
  sibling('soyoustart', 'sys', 'eu'),
  sibling('soyoustart', 'sys', 'ca'),
  sibling('kimsufi', 'ks', 'eu'),
  sibling('kimsufi', 'ks', 'ca'),
];

/** So you Start and Kimsufi serve neither v2 nor OAuth2. */
function sibling(brand: 'soyoustart' | 'kimsufi', short: string, region: 'eu' | 'ca'): Endpoint {
  const origin = `https://${region}.api.${brand}.com`;
  return {
    name: `${brand}-${region}`,
    aliases: [`${short}-${region}`],
    baseUrl: `${origin}/1.0`,
    altBaseUrls: [],
    tokenUrl: undefined,
    altTokenUrls: [],
    createAppUrl: `${origin}/createApp/`,
    createTokenUrl: `${origin}/createToken/`,
    consoleUrl: `${origin}/console/`,
    brand,
    region,
    v2: false,
    oauth2: false,
  };
}

/** The named endpoint of a name, an alias or a short form, in any case. */
export function findEndpoint(name: string): Endpoint | undefined {
  const wanted = name.trim().toLowerCase();
  return endpoints.find((endpoint) => endpoint.name === wanted || endpoint.aliases.includes(wanted));
}
