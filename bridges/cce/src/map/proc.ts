/** One number of the machine. */
export interface Sample {
  readonly name: string;
  readonly value: number;
  readonly labels?: Readonly<Record<string, string>>;
}

const MEMORY = ['MemTotal', 'MemAvailable', 'MemFree', 'SwapTotal', 'SwapFree'];
const KIB = 1024;

/** `/proc/meminfo`, which counts in KiB. */
export function memoryNumbers(text: string): Sample[] {
  const values = new Map([...text.matchAll(/^(\w+):\s+(\d+)/gm)].map((match) => [match[1], Number(match[2])]));
  return MEMORY.flatMap((name) => {
    const value = values.get(name);
    return value === undefined ? [] : [{ name: `node_memory_${name}_bytes`, value: value * KIB }];
  });
}

/** `/proc/net/dev`: column 1 of each interface is what it received, column 9 what it sent. */
export function networkNumbers(text: string): Sample[] {
  return [...text.matchAll(/^\s*([^\s:]+):\s*(\d+)(?:\s+\d+){7}\s+(\d+)/gm)].flatMap(([, device = '', received, sent]) => [
    { name: `receive_bytes_total_${device}`, value: Number(received), labels: { device } },
    { name: `transmit_bytes_total_${device}`, value: Number(sent), labels: { device } },
  ]);
}

/** `/proc/diskstats`: field 12 is what is under way now; loop and RAM devices are no disks. */
export function diskNumbers(text: string): Sample[] {
  return [...text.matchAll(/^\s*\d+\s+\d+\s+(\S+)(?:\s+\d+){8}\s+(\d+)/gm)]
    .filter(([, device = '']) => !/^(loop|ram)\d/.test(device))
    .map(([, device = '', now]) => ({ name: `disk_io_now_${device}`, value: Number(now), labels: { device } }));
}
