import { ImageioError } from '../errors.ts';

/** Where the bytes of a ticket are (imageio 3.1). */
export type BackendUrl =
  | { readonly kind: 'nbd-unix'; readonly socketPath: string; readonly exportName: string }
  | { readonly kind: 'nbd-tcp'; readonly host: string; readonly port: number; readonly exportName: string }
  | { readonly kind: 'file'; readonly path: string };

/** Reads the `url` of a ticket. Throws `IMAGEIO_TICKET_INVALID` with the reason alone; the reader of the ticket adds the rest. */
export function parseBackendUrl(url: string): BackendUrl {
  const backend = readUrl(url);
  if (backend.kind === 'nbd-unix' && backend.socketPath.includes('\0')) throw invalid('Invalid nbd url: a socket without a name');
  return backend;
}

function readUrl(url: string): BackendUrl {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase() ?? '';
  if (scheme === 'nbd') return nbdUrl(url.slice('nbd:'.length));
  if (scheme === 'nbd+unix') return nbdUnixUri(url);
  if (scheme === 'file') return fileUrl(url);
  throw invalid(`Unsupported url scheme: ${scheme}`);
}

/** The URL of an NBD server on a Unix socket, in the form that every daemon reads. */
export function nbdUnixUrl(socketPath: string, exportName: string): string {
  return `nbd:unix:${socketPath}${exportName === '' ? '' : `:exportname=${exportName}`}`;
}

function nbdUrl(rest: string): BackendUrl {
  const unix = /^unix:([^:]+)(?::exportname=(.*))?$/s.exec(rest);
  if (unix) return { kind: 'nbd-unix', socketPath: unix[1] ?? '', exportName: unix[2] ?? '' };
  const slashes = /^\/\/(\[[^\]]+\]|[^:/[\]]+):(\d{1,5})(?:\/(.*))?$/s.exec(rest);
  const plain = /^(\[[^\]]+\]|[^:/[\]]+):(\d{1,5})(?::exportname=(.*))?$/s.exec(rest);
  const found = slashes ?? plain;
  const port = Number(found?.[2]);
  if (!found || port < 1 || port > 65_535) throw invalid('Invalid nbd url');
  const host = (found[1] ?? '').replace(/^\[|\]$/g, '');
  return { kind: 'nbd-tcp', host, port, exportName: found[3] ?? '' };
}

function nbdUnixUri(url: string): BackendUrl {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const socketPath = parsed?.searchParams.get('socket') ?? '';
  if (!parsed || socketPath === '') throw invalid('Invalid nbd+unix url: socket is missing');
  return { kind: 'nbd-unix', socketPath, exportName: decode(parsed.pathname.replace(/^\//, '')) };
}

function fileUrl(url: string): BackendUrl {
  const path = decode(url.replace(/^file:(?:\/\/)?/i, ''));
  if (!path.startsWith('/') || path.includes('\0')) throw invalid('Invalid file url');
  return { kind: 'file', path };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid('Invalid percent-encoding');
  }
}

function invalid(text: string): Error {
  return ImageioError('IMAGEIO_TICKET_INVALID', { text });
}
