import {
  NBD_FLAG_CAN_MULTI_CONN,
  NBD_FLAG_READ_ONLY,
  NBD_FLAG_ROTATIONAL,
  NBD_FLAG_SEND_CACHE,
  NBD_FLAG_SEND_DF,
  NBD_FLAG_SEND_FAST_ZERO,
  NBD_FLAG_SEND_FLUSH,
  NBD_FLAG_SEND_FUA,
  NBD_FLAG_SEND_TRIM,
  NBD_FLAG_SEND_WRITE_ZEROES,
} from './codec/wire.ts';

/** What an export can do (imageio 8.4). */
export interface NbdFlags {
  readonly readOnly: boolean;
  readonly flush: boolean;
  readonly fua: boolean;
  readonly trim: boolean;
  readonly writeZeroes: boolean;
  readonly df: boolean;
  /** Several connections see each other's writes. */
  readonly multiConn: boolean;
  readonly cache: boolean;
  readonly fastZero: boolean;
  readonly rotational: boolean;
}

/** Names the bits of the transmission flags. */
export function decodeFlags(flags: number): NbdFlags {
  const has = (bit: number) => (flags & bit) !== 0;
  return {
    readOnly: has(NBD_FLAG_READ_ONLY),
    flush: has(NBD_FLAG_SEND_FLUSH),
    fua: has(NBD_FLAG_SEND_FUA),
    trim: has(NBD_FLAG_SEND_TRIM),
    writeZeroes: has(NBD_FLAG_SEND_WRITE_ZEROES),
    df: has(NBD_FLAG_SEND_DF),
    multiConn: has(NBD_FLAG_CAN_MULTI_CONN),
    cache: has(NBD_FLAG_SEND_CACHE),
    fastZero: has(NBD_FLAG_SEND_FAST_ZERO),
    rotational: has(NBD_FLAG_ROTATIONAL),
  };
}
