import { isUuid } from '@fairlead/kernel/ids';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { isObject, type JsonObject } from '../read.ts';
import type { Callback } from './callback.ts';
import type { JsonSchema } from './schema.ts';

/** What is wrong with a payload. */
export interface PayloadProblem {
  /** `modified.3.vendor_tenant_id`; empty for the payload itself. */
  readonly field: string;
  /** A sentence for the administrator; quotes no value. */
  readonly text: string;
}

let ajv: Ajv | undefined;
const compiled = new WeakMap<JsonSchema, ValidateFunction>();

/** What is wrong with the payload of a request; undefined when it may be handled. An absent one counts as `{}`. */
export function payloadProblem(callback: Callback, payload: JsonObject | undefined): PayloadProblem | undefined {
  return callback.request === undefined ? undefined : problemOf(callback.request, payload ?? {});
}

/** An answer as it came over the wire. */
export interface RawAnswer {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly body: unknown;
}

/**
 * Looks at an answer as the gateway of Acronis does: status and type are declared, the envelope has no other member, the payload
 * fits. Empty when it is good. Error answers that are not declared are no answers to it: they are reported as such.
 */
export function answerProblems(callback: Callback, requestId: string, answer: RawAnswer): readonly string[] {
  const declared = [{ status: 200, type: callback.responseType, payload: callback.response }, ...callback.errors];
  const wanted = declared.find(({ status }) => status === answer.status);
  if (wanted === undefined) return [`the status ${answer.status} is not declared`];
  if (!isObject(answer.body)) return ['the body is no JSON object'];
  return [
    ...envelopeProblems(answer.body, requestId, wanted.type),
    ...payloadProblems(answer.body, wanted.payload),
    ...(/^application\/json *(;|$)/i.test(answer.contentType ?? '') ? [] : ['the content type is not application/json']),
  ];
}

const ANSWER_MEMBERS = new Set(['type', 'request_id', 'response_id', 'payload']);

function envelopeProblems(body: JsonObject, requestId: string, type: string): readonly string[] {
  const others = Object.keys(body).filter((name) => !ANSWER_MEMBERS.has(name));
  return [
    ...others.map((name) => `the member ${name} is not allowed`),
    ...(body.type === type ? [] : [`the type is not ${type}`]),
    ...(body.request_id === requestId ? [] : ['request_id is not that of the request']),
    ...(typeof body.response_id === 'string' && isUuid(body.response_id) ? [] : ['response_id is no UUID']),
  ];
}

function payloadProblems(body: JsonObject, schema: JsonSchema | undefined): readonly string[] {
  const present = Object.hasOwn(body, 'payload');
  if (schema === undefined) return present ? ['a payload is not allowed'] : [];
  if (!present) return ['the payload is missing'];
  const problem = problemOf(schema, body.payload);
  return problem === undefined ? [] : [problem.text];
}

function problemOf(schema: JsonSchema, value: unknown): PayloadProblem | undefined {
  const validate = compiled.get(schema) ?? compile(schema);
  return validate(value) ? undefined : describe(validate.errors?.[0]);
}

function compile(schema: JsonSchema): ValidateFunction {
  ajv ??= new Ajv({ strict: true, allowUnionTypes: true });
  const validate = ajv.compile(schema);
  compiled.set(schema, validate);
  return validate;
}

function describe(error: ErrorObject | undefined): PayloadProblem {
  const path = (error?.instancePath ?? '').split('/').slice(1);
  if (error?.keyword === 'required') path.push(String(error.params.missingProperty));
  if (error?.keyword === 'additionalProperties') path.push(String(error.params.additionalProperty));
  const field = path.join('.').slice(0, 200);
  const where = field === '' ? 'The payload' : `The member ${field} of the payload`;
  return { field, text: `${where} ${REASONS[error?.keyword ?? ''] ?? 'is not as it must be'}.` };
}

const REASONS: Readonly<Record<string, string>> = {
  required: 'is missing',
  type: 'is of another type than it must be',
  pattern: 'is not of the form it must have',
  additionalProperties: 'is not allowed',
  maxItems: 'has too many items',
  maxLength: 'is too long',
  minLength: 'is empty',
};
