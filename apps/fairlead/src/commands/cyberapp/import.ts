import { importVendor, readVendorFile } from '@fairlead/bridge-cyberapp';
import type { Output } from '../../output.ts';
import { type CareOptions, recordChange, withDesk } from './shared.ts';

/** Takes over a `vendor.db` of the sample. Throws `CYBERAPP_IMPORT` with everything that is wrong, and then nothing was taken over. */
export async function importVendorFile(
  path: string,
  options: CareOptions & { readonly datacenter?: string },
  output: Output,
): Promise<void> {
  const file = readVendorFile(path);
  await withDesk(options, async ({ store, settings, audit }) => {
    const hosts = settings.datacenter_hosts;
    const report = await importVendor(store, file, {
      datacenterUrl: options.datacenter,
      datacenterHosts: hosts.length === 0 ? undefined : hosts,
    });
    await recordChange(audit, 'vendor.import', path.slice(-200));
    if (options.json === true) return output.print(JSON.stringify(report));
    output.print(`${report.organizations} organizations, ${report.users} users and ${report.mappings} links were taken over.`);
    for (const note of report.notes) output.tell(note);
  });
}
