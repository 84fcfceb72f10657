import type { Api } from '@fairlead/ovirt/codec';
import { type Href, ZERO_ID } from './href.ts';
import { reference } from './link.ts';

/** Collections that can be searched: each has a second link with `{query}` (ovirt 4.2), which libgovirt follows. */
const SEARCHED = [
  'clusters',
  'datacenters',
  'hosts',
  'networks',
  'storagedomains',
  'templates',
  'instancetypes',
  'users',
  'groups',
  'vmpools',
  'vms',
  'disks',
  'events',
];

const PLAIN = [
  'roles',
  'tags',
  'bookmarks',
  'icons',
  'domains',
  'jobs',
  'storageconnections',
  'vnicprofiles',
  'diskprofiles',
  'cpuprofiles',
  'schedulingpolicyunits',
  'schedulingpolicies',
  'permissions',
  'macpools',
  'networkfilters',
  'operatingsystems',
  'externalhostproviders',
  'openstackimageproviders',
  'openstackvolumeproviders',
  'openstacknetworkproviders',
  'katelloerrata',
  'affinitylabels',
  'clusterlevels',
  'imagetransfers',
  'externalvmimports',
  'externaltemplateimports',
];

/** Clients read this for features; some branch on the name (ovirt 5.1). */
const VERSION = { major: 4, minor: 5, build: 7, revision: 0, full_version: '4.5.7-1.el9' } as const;

export interface ApiFacts {
  readonly instanceId: string;
  readonly userId: string;
  readonly summary: NonNullable<Api['summary']>;
  readonly time: number;
}

/** The root of the API (ovirt 5.1). */
export function toApi(facts: ApiFacts, href: Href): Api {
  const user = reference(href, 'users', facts.userId);
  return {
    link: rootLinks(href),
    product_info: { instance_id: facts.instanceId, name: 'oVirt Engine', vendor: 'ovirt.org', version: VERSION },
    special_objects: { blank_template: reference(href, 'templates', ZERO_ID), root_tag: reference(href, 'tags', ZERO_ID) },
    summary: facts.summary,
    time: facts.time,
    authenticated_user: user,
    effective_user: user,
  };
}

export function rootLinks(href: Href): readonly { readonly href: string; readonly rel: string }[] {
  const searched = SEARCHED.flatMap((rel) => {
    const from = rel === 'events' ? ';from={event_id}' : '';
    return [
      { href: href(rel), rel },
      { href: `${href(rel)}${from}?search={query}`, rel: `${rel}/search` },
    ];
  });
  return [...searched, ...PLAIN.map((rel) => ({ href: href(rel), rel }))];
}
