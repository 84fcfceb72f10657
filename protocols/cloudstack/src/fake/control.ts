import type { IncomingMessage } from 'node:http';
import { readSettings, writeSettings } from './control-settings.ts';
import { ControlError, readAnswer, readFault, readObject, readTimes } from './control-values.ts';
import type { Front } from './front.ts';
import { AGENT_STEPS, type AgentStep } from './host-agent.ts';
import type { WireReply } from './server.ts';

const PREFIX = '/_fake';
const MAX_BODY = 64 * 1024;

/** What a control call is about. */
interface Call {
  readonly method: string;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The control paths below `/_fake/`, for callers on this machine only: JSON in, the whole panel out. */
export class Control {
  readonly #front: Front;

  constructor(front: Front) {
    this.#front = front;
  }

  /** Whether the request is for the control and not for the API. */
  owns(message: IncomingMessage): boolean {
    return pathOf(message) === PREFIX || pathOf(message).startsWith(`${PREFIX}/`);
  }

  async answer(message: IncomingMessage): Promise<WireReply> {
    if (!isLoopback(message.socket.remoteAddress)) return json(403, { error: 'The control of the fake is on loopback only' });
    try {
      const change = await readCall(message);
      if (change.method !== 'GET') this.#change(pathOf(message).slice(PREFIX.length + 1), change);
      return json(200, this.#panel());
    } catch (error) {
      if (error instanceof ControlError) return json(error.status, { error: error.message });
      throw error;
    }
  }

  #change(part: string, call: Call): void {
    const parts: Readonly<Record<string, (call: Call) => void>> = {
      faults: (change) => this.#faults(change),
      clock: (change) => this.#clock(change),
      agent: (change) => this.#agent(change),
      settings: ({ body }) => writeSettings(this.#front, body),
      calls: () => this.#front.calls.splice(0),
    };
    const run = Object.hasOwn(parts, part) ? parts[part] : undefined;
    if (run === undefined) throw new ControlError(404, `There is no ${PREFIX}/${part}; there are ${Object.keys(parts).join(', ')}`);
    run(call);
  }

  #faults({ method, query, body }: Call): void {
    const { faults } = this.#front;
    const command = typeof body.command === 'string' ? body.command : '*';
    if (method === 'DELETE') faults.clear(query.get('command') ?? undefined);
    else faults.next(command, readFault(body.fault), readTimes(body.times));
  }

  /** `advanceMs` turns it on or back, `at` sets it; DELETE gives it back to the machine. */
  #clock({ method, body }: Call): void {
    const { clock } = this.#front.cloud;
    const by = typeof body.at === 'string' ? Date.parse(body.at) - clock.now() : body.advanceMs;
    const turn = method === 'DELETE' ? -clock.turnedByMs : by;
    if (typeof turn !== 'number' || !Number.isFinite(turn)) throw new ControlError(400, 'clock takes advanceMs (a number) or at (a date)');
    clock.advance(turn);
  }

  #agent({ method, query, body }: Call): void {
    const { agent } = this.#front.cloud;
    const step = method === 'DELETE' ? query.get('step') : body.step;
    if (step !== null && !AGENT_STEPS.includes(step as AgentStep)) throw new ControlError(400, `step is one of ${AGENT_STEPS.join(', ')}`);
    if (method === 'DELETE') agent.clear((step as AgentStep | null) ?? undefined);
    else agent.refuse(step as AgentStep, readAnswer(body.answer), readTimes(body.times));
  }

  #panel(): object {
    const { cloud, faults, calls } = this.#front;
    const counts: Record<string, number> = {};
    for (const command of calls) counts[command] = (counts[command] ?? 0) + 1;
    return {
      clock: { now: new Date(cloud.clock.now()).toISOString(), turnedByMs: cloud.clock.turnedByMs },
      faults: faults.list().map(told),
      agent: { refusals: cloud.agent.refusals.map(told), asked: cloud.agent.asked },
      settings: readSettings(this.#front),
      calls: counts,
    };
  }
}

/** JSON knows no Infinity. */
function told<T extends { readonly times: number }>(entry: T): object {
  return { ...entry, times: Number.isFinite(entry.times) ? entry.times : 'until cleared' };
}

function pathOf(message: IncomingMessage): string {
  return (message.url ?? '').split('?', 1)[0] ?? '';
}

async function readCall(message: IncomingMessage): Promise<Call> {
  const method = message.method ?? 'GET';
  if (!['GET', 'PUT', 'DELETE'].includes(method)) throw new ControlError(405, 'GET, PUT and DELETE are understood');
  const query = new URL(message.url ?? '/', 'http://fake').searchParams;
  return { method, query, body: method === 'PUT' ? readObject(await readText(message)) : {} };
}

async function readText(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY) throw new ControlError(413, `A control call has at most ${MAX_BODY} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function isLoopback(address = ''): boolean {
  return address === '::1' || address.replace(/^::ffff:/, '').startsWith('127.');
}

function json(status: number, value: object): WireReply {
  return { status, contentType: 'application/json', body: `${JSON.stringify(value, undefined, 2)}\n` };
}
