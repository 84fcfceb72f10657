import type { GatewayError } from '@fairlead/kernel/errors';
import { CONTENT_TYPES, type Format, MAX_BODY_BYTES, type ObjectOf, type TypeName, writeCollection, writeResource } from '@fairlead/ovirt/codec';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { OvirtError } from '../errors.ts';
import type { Parts } from '../service/parts.ts';
import { answerError, ownError } from './fault.ts';
import type { PlainRoute } from './plain-route.ts';
import { type Incoming, readIncoming, segmentsOf } from './request.ts';
import { type Answer, type Call, type ManyAnswer, type OneAnswer, type RawAnswer, type Route } from './route.ts';
import { RouteTable } from './routing.ts';
import { type Authenticated, authenticate, bearerOf } from './rules/authenticate.ts';
import { requireFormat, requireVersion } from './rules/headers.ts';
import { makeCall } from './rules/make-call.ts';
import { requireUuids } from './rules/params.ts';

export interface FaceOptions {
  readonly parts: Parts;
  /** Base path without a slash at its end: `/ovirt-engine`. */
  readonly base: string;
  readonly routes: readonly Route[];
  readonly plain: readonly PlainRoute[];
  /** Ends with the gateway. */
  readonly stopping: AbortSignal;
}
