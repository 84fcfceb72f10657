import type { Transform } from 'node:stream';
import { NetworkError } from '../../errors/errors.ts';
import { builtin } from '../../platform.ts';
import type { WireBody } from '../transport.ts';
import type { AnswerBody } from './answer-body.ts';
import type { AnswerHead } from './head.ts';

/** The body of an answer without its content coding, and no longer than `limit` bytes. */
export function decoded(body: AnswerBody, { headers, length }: AnswerHead, limit: number): WireBody {
  const coding = headers['content-encoding'];
  if (coding === undefined || length === 0) return body;
  const decoder = decoderFor(coding.trim().toLowerCase());
  return decoder === undefined ? body : unpacked(body, decoder, limit);
}

function decoderFor(coding: string): Transform | undefined {
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
      return builtin('node:zlib').createGunzip();
    case 'br':
      return builtin('node:zlib').createBrotliDecompress();
    case 'deflate':
      return builtin('node:zlib').createInflate();
    default:
      return undefined;
  }
}

function unpacked(body: AnswerBody, decoder: Transform, limit: number): WireBody {
  const { PassThrough, pipeline, Readable } = builtin('node:stream');
  let bytes = 0;
  const gauge = new PassThrough({
    transform(piece: Buffer, _encoding, done) {
      bytes += piece.length;
      if (bytes <= limit) done(null, piece);
      else done(new NetworkError(`The answer is longer than ${limit} bytes (maxResponseBytes)`, true));
    },
  });
  pipeline(Readable.from(body), decoder, gauge, () => undefined);
  return gauge;
}
