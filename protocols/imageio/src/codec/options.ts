import { jsonText } from './python-text.ts';

export type Feature = 'extents' | 'flush' | 'zero' | 'checksum';

/** What a server says it can do for one image (imageio 2.3). */
export interface ImageOptions {
  /** A Unix socket that serves the same API on the same host. */
  readonly unixSocket?: string;
  readonly features: readonly Feature[];
  /** Connections that may read or write at once; absent for `*`. */
  readonly maxReaders?: number;
  readonly maxWriters?: number;
}

/** The body of an OPTIONS answer, with the line end. */
export function writeOptions(options: ImageOptions): string {
  const value = {
    unix_socket: options.unixSocket,
    features: options.features,
    max_readers: options.maxReaders,
    max_writers: options.maxWriters,
  };
  return `${jsonText(value)}\n`;
}

/** Reads an OPTIONS answer as tolerantly as the real client does: what cannot be read is no feature (imageio 5.1). */
export function parseOptions(body: string): ImageOptions {
  const value = tolerantObject(body);
  const features = Array.isArray(value.features) ? value.features.filter(isFeature) : [];
  return {
    features,
    ...(typeof value.unix_socket === 'string' && { unixSocket: value.unix_socket }),
    ...(isCount(value.max_readers) && { maxReaders: value.max_readers }),
    ...(isCount(value.max_writers) && { maxWriters: value.max_writers }),
  };
}

/** The same body without the Unix socket, for a proxy (imageio 6.2); a body that is no such object passes unchanged. */
export function withoutUnixSocket(body: string): string {
  const value = tolerantObject(body);
  if (!('unix_socket' in value)) return body;
  const { unix_socket: _, ...rest } = value;
  return `${jsonText(rest)}\n`;
}

function tolerantObject(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function isFeature(value: unknown): value is Feature {
  return value === 'extents' || value === 'flush' || value === 'zero' || value === 'checksum';
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 1024;
}
