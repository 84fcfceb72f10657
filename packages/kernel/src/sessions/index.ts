import type { Clock } from '../clock/index.ts';
import { newToken, newUuid } from '../ids/index.ts';
import type { Secrets } from '../secrets/index.ts';
import { RepeatedQuery, type Store } from '../store/index.ts';

export interface Session<Data = unknown> {
  /** For logs and lists; opens nothing. */
  readonly id: string;
  readonly face: string;
  /** Whose session it is: a login. */
  readonly subject: string;
  readonly data: Data;
  readonly createdMs: number;
  /** When it ends if it is not used again; every use moves it on, up to the end of the session. */
  readonly expiresMs: number;
}

export interface SessionRequest<Data> {
  readonly face: string;
  readonly subject: string;
  /** Kept sealed; may hold keys of an upstream. JSON. */
  readonly data: Data;
  /** Ends when unused for this long. */
  readonly idleMs: number;
  /** Ends after this long in any case. */
  readonly maxMs: number;
  /** Instead of a new random one, for faces whose tokens look otherwise. */
  readonly token?: string | undefined;
  /** Of the sessions of this subject at this face so many stay, the newest; the others end. */
  readonly atMost?: number | undefined;
}

interface SessionRow {
  digest: string;
  id: string;
  face: string;
  subject: string;
  data: string;
  idle_ms: number;
  created_ms: number;
  used_ms: number;
  ends_ms: number;
}

interface SessionTables {
  kernel_sessions: SessionRow;
}

/** A use is written down at most this often. */
const writeEveryMs = 60_000;

/** Sessions whose data is remembered. */
const OPENED = 2000;

/** Both dialects: an offset needs a limit in SQLite. */
const MOST_ENDED = 1_000_000;

/** Sessions as rows (design 5): the token is kept as a digest, the data sealed, so any gateway of a cluster can verify and no reader of the store can log in. */
export class Sessions {
  readonly #store: Store;
  readonly #secrets: Secrets;
  readonly #clock: Clock;
  readonly #byDigest = new RepeatedQuery<SessionTables, string, SessionRow>((db, digests) =>
    db.selectFrom('kernel_sessions').selectAll().where('digest', 'in', digests),
  );
  /** Texts by what they were sealed in. */
  readonly #opened = new Map<string, string>();

  constructor(parts: { readonly store: Store; readonly secrets: Secrets; readonly clock: Clock }) {
    this.#store = parts.store;
    this.#secrets = parts.secrets;
    this.#clock = parts.clock;
  }

  async issue<Data>(request: SessionRequest<Data>): Promise<{ readonly token: string; readonly session: Session<Data> }> {
    const token = request.token ?? newToken();
    const now = this.#clock.now();
    const row = {
      digest: this.#secrets.digest(purposeOf(request.face), token),
      id: newUuid(),
      face: request.face,
      subject: request.subject,
      data: this.#secrets.seal(purposeOf(request.face), JSON.stringify(request.data ?? null)),
      idle_ms: request.idleMs,
      created_ms: now,
      used_ms: now,
      ends_ms: now + request.maxMs,
    };
    await this.#db().insertInto('kernel_sessions').values(row).execute();
    if (request.atMost !== undefined) await this.#endOldest(request, request.atMost);
    return { token, session: toSession(row, request.data) };
  }

  /** The session of a token and moves its end on, or `undefined` when there is none. Throws `FAIRLEAD_SECRET_UNREADABLE` when the data was changed. */
  async verify<Data = unknown>(face: string, token: string): Promise<Session<Data> | undefined> {
    const [row] = await this.#byDigest.ask(this.#db(), this.#digests(face, token));
    const now = this.#clock.now();
    if (!row || now >= endOf(row)) return undefined;
    const data = JSON.parse(this.#open(face, row.data)) as Data;
    if (now - row.used_ms < Math.min(writeEveryMs, row.idle_ms / 2)) return toSession(row, data);
    await this.#db()
      .updateTable('kernel_sessions')
      .set({ used_ms: now })
      .where('digest', '=', row.digest)
      .where('used_ms', '<', now)
      .execute();
    return toSession({ ...row, used_ms: now }, data);
  }

  /** Whether the token is of a session that has ended and was not swept yet: whoever shows it is late, not guessing. */
  async hasEnded(face: string, token: string): Promise<boolean> {
    const [row] = await this.#byDigest.ask(this.#db(), this.#digests(face, token));
    return row !== undefined && this.#clock.now() >= endOf(row);
  }

  /** Ends one session; false when there was none. */
  async revoke(face: string, token: string): Promise<boolean> {
    const ended = await this.#db().deleteFrom('kernel_sessions').where('digest', 'in', this.#digests(face, token)).executeTakeFirst();
    return ended.numDeletedRows > 0n;
  }

  /** Ends all sessions of a login on one face; answers how many. */
  async revokeSubject(face: string, subject: string): Promise<number> {
    const ended = await this.#db().deleteFrom('kernel_sessions').where('face', '=', face).where('subject', '=', subject).executeTakeFirst();
    return Number(ended.numDeletedRows);
  }

  /** Removes what has ended; answers how many. */
  async sweep(): Promise<number> {
    const now = this.#clock.now();
    const ended = await this.#db()
      .deleteFrom('kernel_sessions')
      .where((where) => where.or([where('ends_ms', '<=', now), where(where('used_ms', '+', where.ref('idle_ms')), '<=', now)]))
      .executeTakeFirst();
    return Number(ended.numDeletedRows);
  }

  /** How many have not ended, by face. */
  async count(): Promise<ReadonlyMap<string, number>> {
    const now = this.#clock.now();
    const rows = await this.#db()
      .selectFrom('kernel_sessions')
      .select((get) => ['face', get.fn.countAll<number>().as('open')])
      .where('ends_ms', '>', now)
      .where((where) => where(where('used_ms', '+', where.ref('idle_ms')), '>', now))
      .groupBy('face')
      .execute();
    return new Map(rows.map((row) => [row.face, Number(row.open)]));
  }

  async #endOldest({ face, subject }: { readonly face: string; readonly subject: string }, atMost: number): Promise<void> {
    const beyond = this.#db()
      .selectFrom('kernel_sessions')
      .select('digest')
      .where('face', '=', face)
      .where('subject', '=', subject)
      .orderBy('created_ms', 'desc')
      .orderBy('digest')
      .limit(MOST_ENDED)
      .offset(atMost);
    await this.#db().deleteFrom('kernel_sessions').where('digest', 'in', beyond).execute();
  }

  /** What was opened a moment ago is not opened again: a face asks for every request. */
  #open(face: string, sealed: string): string {
    const key = `${face} ${sealed}`;
    const known = this.#opened.get(key);
    if (known !== undefined) return known;
    const text = this.#secrets.open(purposeOf(face), sealed);
    if (this.#opened.size >= OPENED) this.#opened.clear();
    this.#opened.set(key, text);
    return text;
  }

  #db() {
    return this.#store.tables<SessionTables>();
  }

  #digests(face: string, token: string): string[] {
    return this.#secrets.digests(purposeOf(face), token);
  }
}

/** A token of one face opens nothing at another. */
function purposeOf(face: string): string {
  return `session:${face}`;
}

function endOf(row: SessionRow): number {
  return Math.min(row.used_ms + row.idle_ms, row.ends_ms);
}

function toSession<Data>(row: SessionRow, data: Data): Session<Data> {
  return { id: row.id, face: row.face, subject: row.subject, data, createdMs: row.created_ms, expiresMs: endOf(row) };
}
