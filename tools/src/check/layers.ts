import type { ImportStatement } from './import-scan.ts';
import type { Package, PackageKind } from './workspace.ts';

/** Written for people who never run the gateway: they import nothing of ours and nothing of others. */
const INDEPENDENT = new Set(['@fairlead/cloudstack', '@fairlead/nbd', '@fairlead/cscp', '@fairlead/ovh']);

/** An engine may import the pure codec of the one language that it was made for. */
const ENGINE_DOORS: Readonly<Record<string, string>> = { '@fairlead/engine-cce': '@fairlead/cscp/codec' };

/** Who may import whom besides itself. Tests may import testkit too. */
const MAY_IMPORT: Readonly<Record<PackageKind, readonly PackageKind[]>> = {
  kernel: [],
  http: ['kernel'],
  testkit: ['kernel', 'http'],
  protocol: ['kernel'],
  engine: ['kernel'],
  bridge: ['kernel', 'http', 'protocol', 'engine'],
  app: ['kernel', 'http', 'protocol', 'bridge'],
  workshop: ['kernel', 'http', 'protocol', 'engine', 'bridge', 'app', 'testkit'],
};

export interface ImportBetween {
  readonly from: Package;
  readonly to: Package;
  readonly specifier: string;
  readonly inTest: boolean;
}

/** Why one package may not import another, or undefined when it may. */
export function layerBreak({ from, to, specifier, inTest }: ImportBetween): string | undefined {
  if (from.name === to.name) return undefined;
  if (to.kind === 'testkit' && inTest) return undefined;
  if (isIndependent(from) && !(inTest && to.kind === 'kernel'))
    return `${from.name} stands alone: it imports nothing of ours (${specifier})`;
  if (ENGINE_DOORS[from.name] === specifier) return undefined;
  if (MAY_IMPORT[from.kind].includes(to.kind)) return undefined;
  if (from.kind === 'bridge' && to.kind === 'bridge')
    return `a bridge never imports another bridge; use a service of the kernel (${specifier})`;
  return `${from.kind} may not import ${to.kind} (${specifier})`;
}

export function isIndependent(pack: Package): boolean {
  return INDEPENDENT.has(pack.name);
}

/** What reaches a socket, a file, a process or a timer. */
const INPUT_OUTPUT = [
  /^node:(net|tls|http|https|http2|dgram|dns|fs|child_process|worker_threads|cluster|readline|timers|sqlite)(\/|$)/,
  /^(undici|kysely|pg|pino|fastify)(\/|$)/,
  /^@fairlead\/kernel\/(log|store|sessions|limits|tls|upstream|config|lifecycle)(\/|$)/,
];

interface RoomRule {
  /** Part of a path that says which room a file is in. */
  readonly room: RegExp;
  readonly kinds: readonly PackageKind[];
  /** An import of types is erased, so it reaches nothing. */
  readonly typesAreFree: boolean;
  refuses(specifier: string, target: string | undefined): string | undefined;
}

/** Rules about rooms inside a package. `target` is the file that a relative import means, relative to its package's `src/`. */
const ROOM_RULES: readonly RoomRule[] = [
  {
    room: /^src\/(codec|map)\//,
    kinds: ['protocol', 'engine', 'bridge'],
    typesAreFree: true,
    refuses: (specifier) =>
      INPUT_OUTPUT.some((pattern) => pattern.test(specifier)) ? `a codec or a map does no input or output (${specifier})` : undefined,
  },
  {
    room: /^src\/map\//,
    kinds: ['bridge'],
    typesAreFree: true,
    refuses: (specifier, target) =>
      target !== undefined && /^(store|service|api|jobs)(\/|\.ts$)/.test(target) ? `a map is a pure translation (${specifier})` : undefined,
  },
  {
    room: /^src\/api\//,
    kinds: ['bridge'],
    typesAreFree: false,
    refuses: (specifier, target) =>
      (target !== undefined && /^store(\/|\.ts$)/.test(target)) || /^(kysely$|@fairlead\/kernel\/store)/.test(specifier)
        ? `api/ calls service/, never the store (${specifier})`
        : undefined,
  },
  {
    room: /^src\/service\//,
    kinds: ['bridge'],
    typesAreFree: false,
    refuses: (specifier, target) =>
      specifier === 'fastify' || target?.startsWith('api/') ? `service/ never sees a request or a reply (${specifier})` : undefined,
  },
];

export interface ImportInside {
  readonly kind: PackageKind;
  /** The file that imports, relative to its package. */
  readonly path: string;
  readonly statement: ImportStatement;
  /** The file that a relative import means, relative to the package. */
  readonly target: string | undefined;
}

/** Why a file in its room may not import this, or undefined when it may. */
export function roomBreak({ kind, path, statement, target }: ImportInside): string | undefined {
  const inSource = target?.startsWith('src/') ? target.slice('src/'.length) : undefined;
  for (const rule of ROOM_RULES) {
    if (!rule.kinds.includes(kind) || !rule.room.test(path)) continue;
    if (rule.typesAreFree && statement.typeOnly) continue;
    const reason = rule.refuses(statement.specifier, inSource);
    if (reason !== undefined) return reason;
  }
  return undefined;
}
