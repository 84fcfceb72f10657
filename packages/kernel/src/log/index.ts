import { type Bindings, type ChildLoggerOptions, type DestinationStream, destination, type Logger, pino, stdSerializers } from 'pino';
import { redacted } from './redact.ts';
import { Scrubber } from './scrubber.ts';

export { Scrubber };

export type Log = Logger;

export interface LogOptions {
  /** Words of pino; those of Python (`WARNING`, `CRITICAL`) and any case are understood. Unknown words mean `info`. */
  readonly level?: string;
  /** Appended to, made with mode 0640; without it the standard output. */
  readonly file?: string | undefined;
  /** Where lines go instead: for tests. */
  readonly destination?: DestinationStream;
  /** Secret values that no line may hold. */
  readonly scrubber?: Scrubber;
}

/** A log of JSON lines. Values of keys that name secrets are masked at any depth that is written. */
export function createLog(options: LogOptions = {}): Log {
  const target = options.destination ?? openTarget(options.file);
  const scrubber = options.scrubber;
  const stream = scrubber ? { write: (line: string) => target.write(scrubber.scrub(line)) } : target;
  const log = pino(
    {
      level: levelOf(options.level ?? 'info'),
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }), log: redacted },
      serializers: { err: errorFields, error: errorFields, req: requestFields, res: responseFields },
    },
    stream,
  );
  return withCleanChildren(log);
}

/** A log that writes nothing. */
export function silentLog(): Log {
  return pino({ level: 'silent' });
}

function openTarget(file: string | undefined): DestinationStream {
  return file === undefined ? destination(1) : destination({ dest: file, append: true, mkdir: true, mode: 0o640, sync: true });
}

function levelOf(word: string): string {
  const lower = word.toLowerCase();
  const known = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];
  return { warning: 'warn', critical: 'fatal' }[lower] ?? (known.includes(lower) ? lower : 'info');
}

/** pino formats the fields of a line, but not those of a child; children of children inherit this. */
function withCleanChildren(log: Log): Log {
  const child = log.child;
  const clean = function clean(this: Log, bindings: Bindings, options?: ChildLoggerOptions): Log {
    return Reflect.apply(child, this, [redacted(bindings), options]);
  };
  return Object.defineProperty(log, 'child', { value: clean, writable: true });
}

/** Of a request only what tells no secret: headers and queries may hold tokens. */
function requestFields(request: { readonly method?: string; readonly url?: string }): Record<string, unknown> {
  return { method: request.method, path: request.url?.split('?', 1)[0] };
}

function responseFields(response: { readonly statusCode?: number }): Record<string, unknown> {
  return { status: response.statusCode };
}

/** An error may carry the request that failed, headers and all. */
function errorFields(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { raw: _raw, ...fields } = stdSerializers.err(error);
  return redacted(fields);
}
