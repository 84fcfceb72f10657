import { CscpError } from '@fairlead/cscp';
import type { Operation, Reply } from '@fairlead/cscp/codec';
import type { Answer, CceGateway } from './gateway.ts';
import { Ledger, type Shown } from './ledger.ts';

/** Objects of one transaction. */
const GROUP = 3;
const SITES = 'example.net';

interface Writer {
  readonly gateway: CceGateway;
  /** Parts the targets of one writer from those of another. */
  readonly id: number;
}

type Ask = (body: object, wanted?: readonly number[]) => Promise<Answer['json']>;
type Say = (operation: Operation) => Promise<Reply>;

/** Clients of both faces that write until their gateway dies or they are told to stop, and note what they were told. */
export class Writers {
  readonly ledger = new Ledger();
  readonly #running: Promise<void>[] = [];
  readonly #stop = new AbortController();
  /** The user whose description counts up, by one client alone. */
  readonly #user: string;
  #ids = 0;

  constructor({ user }: { readonly user: string }) {
    this.#user = user;
  }

  /** Adds five clients of one gateway. */
  add(gateway: CceGateway): void {
    for (const run of [this.#implicit, this.#explicit, this.#structured, this.#queued, this.#sites]) {
      this.#ids += 1;
      const running = run.call(this, { gateway, id: this.#ids });
      // Whoever waits for the end hears of it.
      running.catch(() => undefined);
      this.#running.push(running);
    }
  }

  /** Waits until each has ended; what any of them saw that is no end of its gateway is thrown. */
  async ended(): Promise<void> {
    await Promise.all(this.#running);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.ended();
  }

  /** What is broken of what was promised, as a gateway shows it. */
  async broken(gateway: CceGateway): Promise<string[]> {
    const who = await gateway.login();
    const all = async (className: string) => {
      const { json } = await gateway.ask({ ...who, cmd: 'GETALL', class: className });
      const objects = json.data?.objects as Readonly<Record<string, { readonly OBJECT: Shown }>>;
      return Object.fromEntries(Object.entries(objects).map(([oid, { OBJECT }]) => [oid, OBJECT]));
    };
    const users = await all('User');
    const found = this.ledger.broken(await all('Route'), Number(users[this.#user]?.description), GROUP);
    const companions = [...Object.values(await all('VirtualHost')).map(({ name }) => name)];
    const services = new Set(Object.values(await all('UserServices')).map(({ site }) => site));
    for (const { name = '', fqdn = '' } of Object.values(await all('Vsite'))) {
      if (!fqdn.endsWith(SITES)) continue;
      const its = companions.filter((one) => one === name).length;
      if (its !== 1 || !services.has(name)) found.push(`${fqdn} has ${its} virtual hosts and services: ${services.has(name)}`);
    }
    return found;
  }

  /** CSCP, each command a transaction of its own: one that stays, one that goes. */
  async #implicit(writer: Writer): Promise<void> {
    await this.#overCscp(writer, async (say, count) => {
      const target = targetOf(10, writer.id, count);
      const [oid] = oids(await say(route(target, 0)));
      if (oid === undefined) throw new Error(`no OID for ${target}`);
      if (count % 3 > 0) return this.ledger.made(oid, target);
      if ((await say({ verb: 'DESTROY', oid })).end !== 201) throw new Error(`${oid} is not destroyed`);
      this.ledger.gone(target);
    });
  }

  /** CSCP, three objects and a value in one transaction. */
  async #explicit(writer: Writer): Promise<void> {
    await this.#overCscp(writer, async (say, count) => {
      const target = targetOf(11, writer.id, count);
      await say({ verb: 'BEGIN' });
      for (let member = 0; member < GROUP; member += 1) await say(route(target, member));
      const { end, lines } = await say({ verb: 'COMMIT' });
      if (end !== 201) throw new Error(`COMMIT of ${target}: ${JSON.stringify(lines)}`);
      this.ledger.group(target);
    });
  }

  /** JSON: objects, and a number that counts up. */
  async #structured(writer: Writer): Promise<void> {
    // Only one of several may count.
    const counts = writer.id <= 5;
    await this.#overJson(writer, async (ask, count) => {
      const target = targetOf(10, writer.id, count);
      const { data } = await ask({ cmd: 'CREATE', class: 'Route', data: { target, netmask: '255.0.0.0' } });
      this.ledger.made(String(data?.oid), target);
      if (!counts) return;
      await ask({ cmd: 'SET', oid: this.#user, data: { description: count } });
      this.ledger.set(count);
    });
  }

  /** JSON: BEGIN, three objects, COMMIT. */
  async #queued(writer: Writer): Promise<void> {
    await this.#overJson(writer, async (ask, count) => {
      const target = targetOf(11, writer.id, count);
      await ask({ cmd: 'BEGIN' });
      for (let member = 0; member < GROUP; member += 1) {
        await ask({ cmd: 'CREATE', class: 'Route', data: { target, netmask: `255.0.0.${member}` } }, [100]);
      }
      await ask({ cmd: 'COMMIT' });
      this.ledger.group(target);
    });
  }

  /** JSON: what handlers make beside an object is there with it. */
  async #sites(writer: Writer): Promise<void> {
    await this.#overJson(writer, async (ask, count) => {
      const fqdn = `s${writer.id}-${count}.${SITES}`;
      const made = await ask(
        { cmd: 'CREATE', class: 'Vsite', data: { fqdn, hostname: `s${writer.id}-${count}`, domain: SITES } },
        [201, 401],
      );
      // Two gateways may choose one site name: one of them is refused, as a whole.
      if (made.status === 401) return expectConflict(made);
      if (count % 2 === 0) await ask({ cmd: 'DESTROY', oid: made.data?.oid });
      this.ledger.count += 1;
    });
  }

  async #overCscp({ gateway }: Writer, work: (say: Say, count: number) => Promise<void>): Promise<void> {
    const client = await gateway.connect();
    try {
      for (let count = 1; !this.#stop.signal.aborted; count += 1) await work((operation) => client.execute(operation), count);
    } catch (error) {
      if (!(error instanceof CscpError)) throw error;
    } finally {
      await client.close();
    }
  }

  async #overJson({ gateway }: Writer, work: (ask: Ask, count: number) => Promise<void>): Promise<void> {
    const who = await gateway.login();
    const ask: Ask = async (body, wanted = [201]) => {
      const { json } = await gateway.ask({ ...who, ...body });
      if (!wanted.includes(json.status)) throw new Error(`${JSON.stringify(body)}: ${JSON.stringify(json)}`);
      return json;
    };
    try {
      for (let count = 1; !this.#stop.signal.aborted; count += 1) await work(ask, count);
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }
}

/** What `fetch` throws when nobody is there, or no more. */
function isGone(error: unknown): boolean {
  return error instanceof TypeError;
}

function expectConflict(json: Answer['json']): void {
  if (!JSON.stringify(json).includes('CONFLICT')) throw new Error(`refused for another reason: ${JSON.stringify(json)}`);
}

function route(target: string, member: number): Operation {
  const values = new Map([
    ['target', target],
    ['netmask', `255.0.0.${member}`],
  ]);
  return { verb: 'CREATE', class: 'Route', values };
}

function targetOf(kind: number, id: number, count: number): string {
  return `${kind}.${id}.${count >> 8}.${count & 255}`;
}

function oids({ lines, end }: Reply): readonly string[] {
  return end === 201 ? lines.flatMap((line) => (line.code === 104 ? [line.oid] : [])) : [];
}
