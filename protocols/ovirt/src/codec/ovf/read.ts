import { GatewayError } from '@fairlead/kernel/errors';
import { codecError, REASONS } from '../../errors.ts';
import { parseBoolean } from '../parameters.ts';
import { decodeBody } from '../resource.ts';
import { excerpt } from '../values.ts';
import { childText, descendants, firstChild } from '../xml-find.ts';
import { parseXml, type XmlNode } from '../xml-tree.ts';
import type { OvfDescription, OvfDialect, OvfOwner, OvfReading } from './description.ts';
import { compact, type Metadata, readMetadata } from './metadata.ts';
import { readDisks, readHardware } from './read-hardware.ts';
import { biosType, MIB, parseOvfDate, vmType, wholeNumber } from './values.ts';

/** Bytes; 4 MiB (oVirt 15 point 12). */
export const MAX_OVF_BYTES = 4 * 1024 * 1024;
const LIMITS = { maxDepth: 100, maxNodes: 100_000 };

/**
 * Reads an OVF document, ours or another's, by the local names of its elements (oVirt 5.7.5). What is not there is absent in the
 * description. Throws `OVIRT_WIRE_BAD_OVF` when it is no OVF at all, and `OVIRT_WIRE_TOO_LARGE` or `OVIRT_WIRE_TOO_DEEP`.
 */
export function readOvf(document: Uint8Array | string): OvfReading {
  const envelope = parseEnvelope(document);
  const content = firstChild(envelope, 'Content') ?? descendants(envelope, 'VirtualSystem')[0];
  if (content === undefined) throw badOvf('it describes no virtual machine');
  const section = sectionOf(envelope, 'CloudStackMetadata_Type');
  const metadata = section === undefined ? undefined : readMetadata(section);
  const dialect = dialectOf(content, metadata);
  const warnings: string[] = (metadata?.dropped ?? []).map((key) => `detail ${excerpt(key)} is not restored`);
  const hardware = readHardware(hardwareOf(content), metadata, warnings);
  const disks = readDisks(sectionOf(envelope, 'DiskSection_Type') ?? firstChild(envelope, 'DiskSection'), { dialect, metadata, warnings });
  const owner = readOwner(content, metadata);
  const description: OvfDescription = {
    ...readContent(content, dialect, metadata),
    ...hardware,
    disks,
    ...(owner && { owner }),
    ...(metadata && { cloud: metadata.cloud }),
  };
  return { dialect, description, warnings };
}

function parseEnvelope(document: Uint8Array | string): XmlNode {
  const envelope = parse(document);
  if (envelope.name !== 'Envelope') throw badOvf('its root is not Envelope');
  return envelope;
}

function parse(document: Uint8Array | string): XmlNode {
  try {
    return parseXml(decodeBody(document, { maxBytes: MAX_OVF_BYTES }).trimStart(), LIMITS);
  } catch (error) {
    const known = error instanceof GatewayError;
    if (!known || error.code === 'OVIRT_WIRE_TOO_LARGE' || error.code === 'OVIRT_WIRE_TOO_DEEP') throw error;
    throw badOvf(error.publicText, error);
  }
}

function dialectOf(content: XmlNode, metadata: Metadata | undefined): OvfDialect {
  if (metadata !== undefined) return metadata.marked ? 'fairlead' : 'cloudstack';
  const marks = ['CreatedByDomain', 'CreatedByDomainId', 'CreatedByAccount', 'CreatedByProjectId'];
  return marks.some((mark) => firstChild(content, mark) !== undefined) ? 'ovirtapi' : 'ovirt';
}

function readContent(content: XmlNode, dialect: OvfDialect, metadata: Metadata | undefined): Omit<OvfDescription, 'disks' | 'nics'> {
  const os = sectionOf(content, 'OperatingSystemSection_Type') ?? firstChild(content, 'OperatingSystemSection');
  const minimum = wholeNumber(childText(content, 'MinAllocatedMem'));
  return compact({
    id: os?.attributes.get('id') || undefined,
    name: childText(content, 'Name'),
    description: childText(content, 'Description'),
    comment: childText(content, 'Comment'),
    creationDate: parseOvfDate(childText(content, 'CreationDate')),
    osType: childText(os, 'Description'),
    biosType: metadata?.biosType ?? biosType(childText(content, 'BiosType'), dialect),
    vmType: vmType(childText(content, 'VmType')),
    minimumMemory: minimum === undefined ? undefined : exact(minimum * MIB),
    deleteProtected: flag(content, 'DeleteProtected'),
    highlyAvailable: flag(content, 'AutoStartup'),
    stateless: flag(content, 'IsStateless'),
    timeZone: childText(content, 'TimeZone'),
    clusterName: childText(content, 'ClusterName'),
    templateId: childText(content, 'TemplateId'),
    templateName: childText(content, 'TemplateName'),
  });
}

/** From the metadata, else what the older gateway wrote, else the user who made it, whose id CloudStack's plug-in sets to the account's. */
function readOwner(content: XmlNode, metadata: Metadata | undefined): OvfOwner | undefined {
  if (metadata !== undefined && Object.keys(metadata.owner).length > 0) return metadata.owner;
  const accountName = childText(content, 'CreatedByAccount');
  const owner = compact({
    accountName,
    domainId: childText(content, 'CreatedByDomainId'),
    projectId: childText(content, 'CreatedByProjectId'),
    accountId: accountName === undefined ? childText(content, 'CreatedByUserId') : undefined,
  });
  return Object.keys(owner).length === 0 ? undefined : owner;
}

function sectionOf(node: XmlNode, type: string): XmlNode | undefined {
  return node.children.find((child) => child.name === 'Section' && child.attributes.get('type')?.endsWith(type));
}

function hardwareOf(content: XmlNode): XmlNode | undefined {
  return sectionOf(content, 'VirtualHardwareSection_Type') ?? firstChild(content, 'VirtualHardwareSection');
}

function flag(node: XmlNode, name: string): boolean | undefined {
  const text = childText(node, name);
  return text === undefined ? undefined : parseBoolean(text);
}

function exact(value: number): number | undefined {
  return Number.isSafeInteger(value) ? value : undefined;
}

function badOvf(why: string, cause?: unknown): Error {
  return codecError('OVIRT_WIRE_BAD_OVF', REASONS.value, `The OVF document cannot be used: ${why}`, { cause });
}
