import { NbdClient } from './client.ts';
import { Connection } from './connection.ts';
import { abortedError, NbdError } from './error.ts';
import { shapeFor } from './limits.ts';
import { type Agreement, negotiate } from './negotiate.ts';
import { OptionChannel } from './net/option-channel.ts';
import { Wire } from './net/wire.ts';
import { type ConnectOptions, exportKeyOf, type Settings, settingsOf } from './options.ts';

/**
 * Connects to an export and negotiates the best that both sides know.
 *
 * Throws `NBD_CONNECT`, `NBD_TIMEOUT`, `NBD_HANDSHAKE`, `NBD_TLS_REQUIRED`, `NBD_EXPORT_UNKNOWN`, `NBD_BITMAP_UNKNOWN`,
 * `NBD_BITMAP_AMBIGUOUS` or `NBD_ABORTED`; then nothing stays open.
 */
export async function connectNbd(options: ConnectOptions): Promise<NbdClient> {
  if (options.signal?.aborted) throw abortedError(options.signal);
  const settings = settingsOf(options);
  const wire = new Wire(settings.address);
  await wire.connected(settings.connectMs, options.signal);
  const agreement = await agree(wire, settings, options);
  const connection = new Connection(wire, agreement.mode, settings);
  const shape = shapeFor(agreement, settings.requestBytes, settings.inFlight);
  return new NbdClient({ connection, shape, exportKey: exportKeyOf(settings) }, agreement);
}

/** The negotiation under its deadline; on failure the wire is closed. */
async function agree(wire: Wire, settings: Settings, options: ConnectOptions): Promise<Agreement> {
  const channel = new OptionChannel(wire);
  const deadline = setTimeout(() => {
    channel.fail(new NbdError('NBD_TIMEOUT', `the server did not finish the negotiation within ${settings.handshakeMs} ms`));
  }, settings.handshakeMs);
  const signal = options.signal;
  const onAbort = () => channel.fail(abortedError(signal as AbortSignal));
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    const agreement = await negotiate(channel, {
      exportName: settings.exportName,
      allocation: options.allocation ?? true,
      depth: options.depth ?? false,
      dirtyBitmap: options.dirtyBitmap,
    });
    if (channel.excess > 0) throw new NbdError('NBD_PROTOCOL', 'the server spoke before it was asked');
    return agreement;
  } catch (error) {
    channel.abort();
    wire.destroy();
    throw error;
  } finally {
    clearTimeout(deadline);
    signal?.removeEventListener('abort', onAbort);
  }
}
