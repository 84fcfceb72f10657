import child_process from 'node:child_process';
import { appendFileSync, readFileSync } from 'node:fs';
import http from 'node:http';
import { flushCompileCache } from 'node:module';
import { join } from 'node:path';
import { StatementSync } from 'node:sqlite';
import { type Order, STEPS_FOLDER, stepOfAnswer, stepOfRequest, stepOfStatement } from './steps.ts';

/**
 * Loaded before the program (`--import`): counts the steps of this process, and kills it at the one that the file `order` names.
 * A step is every write to the store, every request to somebody else, every program started, every answer sent; each has a moment before and
 * one after. Nothing of it is in the program itself.
 */
const folder = process.env[STEPS_FOLDER] ?? '';
let order: Order | undefined;
let seen = 0;

/** One moment of one step. */
function moment(name: string): void {
  const now = readOrder();
  if (now?.id === undefined) return;
  if (now.id !== order?.id) {
    order = now;
    seen = 0;
  }
  appendFileSync(join(folder, `steps-${now.id}`), `${name}\n`);
  if (now.at !== name) return;
  seen += 1;
  if (seen === now.count) die();
}

function readOrder(): Order | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'order'), 'utf8')) as Order;
  } catch {
    return undefined;
  }
}

/** As `kill -9`: nothing of this process runs any more, not even what is being written. */
function die(): never {
  process.kill(process.pid, 'SIGKILL');
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
}

function aroundStore(): void {
  for (const method of ['run', 'all'] as const) {
    const original = StatementSync.prototype[method] as (this: StatementSync, ...values: unknown[]) => unknown;
    const stepped = function (this: StatementSync, ...values: unknown[]): unknown {
      const step = stepOfStatement(this.sourceSQL, values);
      if (step === undefined) return original.apply(this, values);
      moment(`before ${step}`);
      const result = original.apply(this, values);
      moment(`after ${step}`);
      return result;
    };
    Object.assign(StatementSync.prototype, { [method]: stepped });
  }
}

function aroundRequests(): void {
  const original = http.ClientRequest.prototype.end as (this: http.ClientRequest, ...values: unknown[]) => http.ClientRequest;
  const stepped = function (this: http.ClientRequest, ...values: unknown[]): http.ClientRequest {
    const step = stepOfRequest(this.method, this.path, values[0]);
    moment(`before ${step}`);
    this.prependOnceListener('response', () => moment(`after ${step}`));
    return original.apply(this, values);
  };
  Object.assign(http.ClientRequest.prototype, { end: stepped });
}

function aroundPrograms(): void {
  const prototype = child_process.ChildProcess.prototype as unknown as { spawn: (options: { file: string; args: string[] }) => unknown };
  const original = prototype.spawn;
  prototype.spawn = function (this: unknown, options: { file: string; args: string[] }) {
    const words = [options.file.replace(/^.*\//, ''), /^[a-z]+$/.test(options.args[1] ?? '') ? options.args[1] : ''];
    const step = `start ${words.join(' ').trim()}`;
    moment(`before ${step}`);
    const result = original.call(this, options);
    moment(`after ${step}`);
    return result;
  };
}

function aroundAnswers(): void {
  const original = http.ServerResponse.prototype.end as (this: http.ServerResponse, ...values: unknown[]) => http.ServerResponse;
  const stepped = function (this: http.ServerResponse, ...values: unknown[]): http.ServerResponse {
    const step = stepOfAnswer(this.req.method, this.req.url, this.statusCode);
    moment(`before ${step}`);
    this.once('finish', () => moment(`after ${step}`));
    return original.apply(this, values);
  };
  Object.assign(http.ServerResponse.prototype, { end: stepped });
}

process.on('SIGUSR2', () => flushCompileCache());
aroundStore();
aroundRequests();
aroundPrograms();
aroundAnswers();
