import type { PeerConnection, PeerScript } from './peer.ts';

/** How a broken peer behaves. */
export type Fault =
  /** Closes before its greeting. */
  | 'cut-before-greeting'
  /** Closes in the middle of its greeting. */
  | 'cut-in-greeting'
  /** Says `400 NOT READY` and closes. */
  | 'not-ready'
  /** Has no connection left, as the original daemon says it. */
  | 'no-connection-left'
  /** Speaks another protocol. */
  | 'other-protocol'
  /** Never says anything. */
  | 'silent'
  /** Closes in the middle of a line of the reply. */
  | 'cut-in-line'
  /** Closes between two lines of the reply. */
  | 'cut-in-reply'
  /** Closes when it has read a command. */
  | 'cut-before-reply'
  /** Reads a command and never answers. */
  | 'late'
  /** Answers with a text that is no reply. */
  | 'garbage'
  /** Answers with 200, which only a greeting has. */
  | 'wrong-code'
  /** Answers with what belongs to another command. */
  | 'wrong-reply'
  /** Ends its reply twice. */
  | 'two-finals'
  /** Line after line without a final one. */
  | 'endless-reply'
  /** One line without an end. */
  | 'endless-line'
  /** Says that it shuts down, and closes. */
  | 'shutting-down';

export interface FaultOptions {
  /** Commands of each connection that are answered well before. */
  readonly after?: number;
  /** Answers the good ones; absent: `plainAnswer`. */
  readonly answer?: (line: string) => string;
}

/** What the original greets with. */
export const GREETING = '100 CSCP/0.99\n200 READY\n';

const OID_LINE = '104 OBJECT 6\n';
const DATA_LINES = '102 DATA NAMESPACE = ""\n102 DATA OID = "6"\n';

/** Faults that come instead of a greeting. */
const OPENINGS: Readonly<Partial<Record<Fault, PeerScript>>> = {
  'cut-before-greeting': async () => undefined,
  'cut-in-greeting': (peer) => peer.say('100 CSCP/0.99\n200 RE'),
  'not-ready': (peer) => peer.say('100 CSCP/0.99\n400 NOT READY\n'),
  'no-connection-left': (peer) => peer.say('Maximum number of connections reached\ndisconnecting...\n'),
  'other-protocol': (peer) => peer.say('220 mail.example ESMTP\r\n'),
  silent: (peer) => gone(peer),
};

/** Faults that come instead of a reply. */
const REPLIES: Readonly<Partial<Record<Fault, PeerScript>>> = {
  'cut-in-line': (peer) => peer.say('102 DATA name = "adm'),
  'cut-in-reply': (peer) => peer.say(DATA_LINES),
  'cut-before-reply': async () => undefined,
  late: (peer) => gone(peer),
  garbage: (peer) => sayAndStay(peer, '<html>Bad gateway</html>\n'),
  'wrong-code': (peer) => sayAndStay(peer, '200 READY\n'),
  'wrong-reply': (peer) => sayAndStay(peer, '110 CLASS User\n105 NAMESPACE Email\n201 OK\n'),
  'two-finals': (peer) => sayAndStay(peer, `${OID_LINE}201 OK\n201 OK\n`),
  'endless-reply': (peer) => repeat(peer, OID_LINE.repeat(2000)),
  'endless-line': (peer) => repeat(peer, 'x'.repeat(64 * 1024)),
  'shutting-down': (peer) => peer.say('998 SHUTTING DOWN\n'),
};

/** A script that serves well until the fault; with a fault of the greeting it never serves. */
export function broken(fault: Fault, { after = 0, answer = plainAnswer }: FaultOptions = {}): PeerScript {
  return async (peer) => {
    const opening = OPENINGS[fault];
    if (opening) return await opening(peer);
    await peer.say(GREETING);
    for (let count = 0; count < after; count += 1) {
      if (!(await answerNext(peer, answer))) return;
    }
    if ((await peer.hear()) === undefined) return;
    await REPLIES[fault]?.(peer);
  };
}

/** A script that serves well, and closes after a number of commands; absent: when the client goes. */
export function serving({ after = Number.POSITIVE_INFINITY, answer = plainAnswer }: FaultOptions = {}): PeerScript {
  return async (peer) => {
    await peer.say(GREETING);
    for (let count = 0; count < after; count += 1) {
      if (!(await answerNext(peer, answer))) return;
    }
  };
}

/** A reply to each command that fits it, always the same. */
export function plainAnswer(line: string): string {
  const verb = (/^[A-Za-z]+/.exec(line)?.[0] ?? '').toUpperCase();
  if (verb === 'BYE') return '202 GOODBYE\n\n';
  if (verb === 'AUTH') return `109 SESSIONID ${'s'.repeat(63)}\n201 OK\n`;
  if (verb === 'GET') return `${DATA_LINES}201 OK\n`;
  return verb === 'WHOAMI' || verb === 'CREATE' || verb === 'FIND' ? `${OID_LINE}201 OK\n` : '201 OK\n';
}

async function answerNext(peer: PeerConnection, answer: (line: string) => string): Promise<boolean> {
  const line = await peer.hear();
  if (line === undefined) return false;
  const reply = answer(line);
  await peer.say(reply);
  return !reply.startsWith('202 ');
}

async function sayAndStay(peer: PeerConnection, text: string): Promise<void> {
  await peer.say(text);
  await gone(peer);
}

async function repeat(peer: PeerConnection, text: string): Promise<void> {
  while (!peer.signal.aborted) await peer.say(text);
}

function gone({ signal }: PeerConnection): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (signal.aborted) resolve();
  signal.addEventListener('abort', () => resolve(), { once: true });
  return promise;
}
