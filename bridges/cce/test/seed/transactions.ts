import type { Example, Scene } from './scene.ts';
import { BAD_PARAMETERS, failed, GOODBYE } from './shapes.ts';

const BEGIN: Example = { clause: '8.1', request: { cmd: 'BEGIN' }, as: 'admin', http: 200, answer: { status: 201, message: 'BEGIN OK' } };
const QUEUED = { as: 'admin', http: 200, answer: { status: 100, message: 'QUEUED' } } as const;
const UNKNOWN = {
  command: 'SET 58 invalid_key = "Testing"',
  error: 'Error: 302 BAD DATA 58 invalid_key "[[base-cce.unknownAttr]]"',
  index: 1,
  message: 'BAD DATA',
  status: 302,
} as const;
const FAILED = 'One or more commands in the transaction failed.';
const NONE = { status: 400, message: 'No active transaction' } as const;

/** Transactions (cce 8). */
export const transactionScenes: readonly Scene[] = [
  {
    title: 'a transaction that succeeds',
    examples: [
      BEGIN,
      { clause: '8.1', request: { cmd: 'SET 56 description="Testing"' }, ...QUEUED },
      { clause: '8.1', request: { cmd: 'SET', oid: '58', namespace: 'Disk', data: { quota: 30 } }, ...QUEUED },
      {
        clause: '8.1',
        request: { cmd: 'COMMIT' },
        as: 'admin',
        http: 200,
        answer: {
          status: 201,
          message: 'COMMIT successful',
          data: {
            results: [
              { command: 'SET 56 description = "Testing"', index: 0, message: 'OK', status: 201 },
              { command: 'SET 58 . Disk quota = "30"', index: 1, message: 'OK', status: 201 },
            ],
          },
        },
      },
      { clause: '8.1', request: { cmd: 'COMMIT' }, as: 'admin', http: 400, answer: NONE },
    ],
  },
  {
    title: 'a transaction that fails',
    examples: [
      BEGIN,
      { clause: '8.1', request: { cmd: 'SET 56 description="Testing"' }, ...QUEUED },
      { clause: '8.1', request: { cmd: 'SET 58 invalid_key="Testing"' }, ...QUEUED },
      {
        clause: '8.1',
        request: { cmd: 'COMMIT' },
        as: 'admin',
        http: 200,
        answer: {
          status: 409,
          message: FAILED,
          data: {
            errors: [UNKNOWN],
            results: [{ command: 'SET 56 description = "Testing"', index: 0, message: 'OK', status: 201, rolled_back: true }, UNKNOWN],
            rolled_back: true,
          },
        },
      },
      { clause: '8.3', request: { cmd: 'FIND', class: 'User', args: { description: 'Testing' } }, as: 'admin', http: 200, answer: GOODBYE },
    ],
  },
  {
    title: 'transactions that are none',
    examples: [
      { clause: '8.1', request: { cmd: 'COMMIT' }, as: 'admin', http: 400, answer: NONE },
      { clause: '8.2', request: { cmd: 'BEGIN' }, http: 401, answer: failed() },
      { clause: '8.2', request: { cmd: 'BEGIN' }, as: 'expired', http: 401, answer: failed() },
      BEGIN,
      { clause: '8.2', request: { cmd: 'SET 56 description' }, as: 'admin', http: 400, answer: BAD_PARAMETERS },
      {
        clause: '8.1',
        request: { cmd: 'COMMIT' },
        as: 'admin',
        http: 200,
        answer: { status: 201, message: 'COMMIT successful', data: { results: [] } },
      },
    ],
  },
];
