import type { Template as CloudTemplate, OsType } from '@fairlead/cloudstack';
import type { Template } from '@fairlead/ovirt/codec';
import { cloudDate } from './date.ts';
import { type Href, ZERO_ID } from './href.ts';
import { linksOf, zeroReference } from './link.ts';
import { templateStatus } from './status.ts';
import { osType } from './vm.ts';

/** The template of nothing, which every oVirt has (ovirt 5.17). */
export function blankTemplate(href: Href): Template {
  return {
    id: ZERO_ID,
    href: href('templates', ZERO_ID),
    name: 'Blank',
    description: 'Blank template',
    status: 'ok',
    type: 'server',
    memory: 1024 ** 3,
    cpu: { architecture: 'undefined', topology: { sockets: 1, cores: 1, threads: 1 } },
    bios: { type: 'cluster_default', boot_menu: { enabled: false } },
    os: { type: 'other', boot: { devices: ['hd'] } },
    version: { version_name: 'base version', version_number: 1, base_template: zeroReference(href, 'templates') },
    link: linksOf(href, ['templates', ZERO_ID], ['diskattachments', 'nics', 'cdroms', 'permissions', 'tags']),
  };
}

export function toTemplate(template: CloudTemplate, href: Href): Template {
  return {
    id: template.id,
    href: href('templates', template.id),
    name: template.name,
    description: template.displaytext,
    creation_time: cloudDate(template.created),
    status: templateStatus(template.isready, template.status),
    type: 'server',
    cpu: { architecture: template.arch ?? 'x86_64', topology: { sockets: 1, cores: 1, threads: 1 } },
    os: { type: osType(template.ostypename), boot: { devices: ['hd'] } },
    version: { version_name: 'base version', version_number: 1, base_template: { href: href('templates', template.id), id: template.id } },
    link: linksOf(href, ['templates', template.id], ['diskattachments', 'nics', 'cdroms', 'permissions', 'tags']),
  };
}

export function toOperatingSystem(os: OsType, href: Href): { id: string; href: string; name: string; description: string } {
  return { id: os.id, href: href('operatingsystems', os.id), name: osType(os.description), description: os.description };
}
