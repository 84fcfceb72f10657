import { bridge as cce } from '@fairlead/bridge-cce';
import { bridge as cyberapp } from '@fairlead/bridge-cyberapp';
import { bridge as image } from '@fairlead/bridge-image';
import { bridge as ovh } from '@fairlead/bridge-ovh';
import { bridge as ovirt } from '@fairlead/bridge-ovirt';
import { kernelSections, type Section } from '@fairlead/kernel/config';

/** Every bridge of this binary, in the order in which they start: who offers a service stands before who uses it. */
export const bridges = [image, ovirt, cce, ovh, cyberapp] as const;

/** Every section that a configuration may have. */
export const sections: readonly Section[] = [...kernelSections, ...bridges.flatMap((bridge): readonly Section[] => bridge.config)];
