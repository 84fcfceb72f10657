import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Cloud } from './cloud.ts';
import { Control } from './control.ts';
import { CostMeter, costOf } from './costs.ts';
import { dispatch } from './dispatch.ts';
import { expungeOld } from './expunge.ts';
import { replacement } from './fault-replies.ts';
import { type Fault, Faults } from './faults.ts';
import { loginReply, logoutReply } from './login-replies.ts';
import { type FakeRequest, paramOf, readRequest } from './request.ts';
import { earlyReply, page, tooLargePage, type WireReply, writeReply } from './server.ts';
import { Sessions } from './sessions.ts';
import { Throttle } from './throttle.ts';
import { JSON_TYPE, toWire } from './wire.ts';

/** What stands between the wire and the cloud: faults, prices, limits, sessions and the control paths. */
export class Front {
  readonly cloud: Cloud;
  readonly faults = new Faults();
  readonly costs = new CostMeter();
  readonly throttle: Throttle;
  readonly sessions: Sessions;
  readonly calls: string[] = [];
  readonly settings = { enforceTimestamps: false };
  readonly #control: Control;

  constructor(cloud: Cloud) {
    this.cloud = cloud;
    this.throttle = new Throttle(cloud.clock);
    this.sessions = new Sessions(cloud);
    this.#control = new Control(this);
  }

  /** Answers one request. */
  async serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      if (this.#control.owns(message)) return writeReply(message, response, await this.#control.answer(message));
      const early = earlyReply(message);
      if (early !== undefined) return writeReply(message, response, early);
      const request = await readRequest(message);
      if (request.tooLarge) return writeReply(message, response, tooLargePage());
      await this.#answer(message, response, request);
    } catch (error) {
      if (response.writableEnded || message.destroyed) return;
      writeReply(message, response, page(500, `<h1>fake failed</h1>${error instanceof Error ? error.message : String(error)}`));
    }
  }

  async #answer(message: IncomingMessage, response: ServerResponse, request: FakeRequest): Promise<void> {
    const arrived = this.costs.now();
    const command = request.params.get('command') ?? '';
    this.calls.push(command);
    const fault = this.faults.take(command);
    if (fault?.kind === 'hang') return;
    if (fault?.kind === 'reset') return reset(message);
    if (fault?.kind === 'delay') await new Promise((resolve) => setTimeout(resolve, fault.ms));
    const replaced = fault === undefined ? undefined : replacement(fault, command);
    const reply = replaced ?? (await this.#reply(request, fault, arrived));
    if (fault?.kind === 'lost-answer') return reset(message);
    if (fault?.kind === 'cut') return cut(message, response, reply);
    writeReply(message, response, reply);
  }

  async #reply(request: FakeRequest, fault: Fault | undefined, arrived: number): Promise<WireReply> {
    const { cloud, sessions, throttle, settings } = this;
    await cloud.jobs.settle();
    await expungeOld(cloud);
    const command = request.params.get('command') ?? '';
    if (command === 'login') return loginReply(cloud, sessions, request);
    if (command === 'logout') return logoutReply(sessions, request);
    const reply = await dispatch({ cloud, sessions, throttle, settings }, request, fault);
    await cloud.jobs.settle();
    const wire = toWire(reply, paramOf(request, 'response') === 'json');
    await this.costs.charge(costOf(command, paramOf(request, 'details'), reply.inner), arrived);
    return wire;
  }
}

/** Over TLS the connection can only be closed; otherwise the peer sees a reset. */
function reset({ socket }: IncomingMessage): void {
  if ('encrypted' in socket) socket.destroy();
  else socket.resetAndDestroy();
}

/** Half of the body, of which the length says that it is the whole. */
function cut(message: IncomingMessage, response: ServerResponse, reply: WireReply): void {
  response.writeHead(reply.status, { 'Content-Type': reply.contentType ?? JSON_TYPE, 'Content-Length': Buffer.byteLength(reply.body) });
  response.write(reply.body.slice(0, reply.body.length / 2), () => message.socket.destroy());
}
