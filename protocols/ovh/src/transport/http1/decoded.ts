import type { PassThrough, Transform } from 'node:stream';
import { NetworkError } from '../../errors/errors.ts';
import { builtin } from '../../platform.ts';
import type { WireBody } from '../transport.ts';
import type { AnswerBody } from './answer-body.ts';
import type { AnswerHead } from './head.ts';

/** The body of an answer without its content coding, and no longer than `limit` bytes. */
export function decoded(body: AnswerBody, { headers, length }: AnswerHead, limit: number): WireBody {
  const coding = headers['content-encoding'];
  if (coding === undefined || length === 0) return body;
  const make = decoderFor(coding.trim().toLowerCase());
  return make === undefined ? body : unpacked(body, make, limit);
}

function decoderFor(coding: string): (() => Transform) | undefined {
  const { createBrotliDecompress, createGunzip, createInflate } = builtin('node:zlib');
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip;
    case 'br':
      return createBrotliDecompress;
    case 'deflate':
      return createInflate;
    default:
      return undefined;
  }
}

function unpacked(body: AnswerBody, make: () => Transform, limit: number): WireBody {
  let gauge: PassThrough | undefined;
  return {
    destroy(error) {
      body.destroy(error);
      gauge?.destroy(error);
    },
    async *[Symbol.asyncIterator]() {
      const pieces = body[Symbol.asyncIterator]();
      const first = await pieces.next();
      // Nothing is packed in nothing, whatever the head says; a decoder would miss its beginning.
      if (first.done === true) return;
      const { pipeline, Readable } = builtin('node:stream');
      gauge = gaugeOf(limit);
      pipeline(Readable.from(joined(first.value, pieces)), make(), gauge, () => undefined);
      try {
        yield* gauge;
      } finally {
        // The stream alone would wait for a piece that may never come.
        body.destroy();
      }
    },
  };
}

function gaugeOf(limit: number): PassThrough {
  let bytes = 0;
  return new (builtin('node:stream').PassThrough)({
    transform(piece: Buffer, _encoding, done) {
      bytes += piece.length;
      if (bytes <= limit) done(null, piece);
      else done(new NetworkError(`The answer is longer than ${limit} bytes (maxResponseBytes)`, true));
    },
  });
}

async function* joined(first: Uint8Array, rest: AsyncGenerator<Uint8Array, void>): AsyncGenerator<Uint8Array, void> {
  try {
    yield first;
    yield* rest;
  } finally {
    await rest.return();
  }
}
