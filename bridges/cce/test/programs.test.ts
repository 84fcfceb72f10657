import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { HandlerCall, HandlerOutcome } from '@fairlead/engine-cce';
import { ManualClock, systemClock } from '@fairlead/kernel/clock';
import { captureLog } from '@fairlead/testkit/capture';
import { tempDir } from '@fairlead/testkit/temp';
import { until } from '@fairlead/testkit/until';
import { expect, test } from 'vitest';
import { openProgramPort, type ProgramOptions } from '../src/service/programs/program-port.ts';
import { FakeConnection } from './support/fake-connection.ts';

const NODE = process.execPath;

async function openWorld(options: Partial<ProgramOptions> = {}) {
  const folder = await tempDir('fl-');
  const { log, lines } = captureLog();
  const handlerDir = join(folder.path, 'handlers');
  await mkdir(handlerDir);
  const port = await openProgramPort({ handlerDir, runDir: join(folder.path, 'run'), clock: systemClock, log, ...options });
  const write = async (name: string, text: string) => {
    const path = join(handlerDir, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text, { mode: 0o755 });
    return path;
  };
  const run = (path: string, connection = new FakeConnection(), more: Partial<HandlerCall> & { type?: 'exec' | 'perl' } = {}) =>
    port.run(
      { type: more.type ?? 'exec', path },
      { events: [], connection, callerOid: '-1', signal: AbortSignal.timeout(15_000), ...more },
    );
  const close = async () => {
    await port[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  };
  return { folder: folder.path, handlerDir, port, write, run, lines, [Symbol.asyncDispose]: close };
}

test('a program reads the greeting with its events, speaks CSCP over input and output, and its BYE counts', async () => {
  await using world = await openWorld({ socket: '/run/x/cced.socket' });
  await world.write(
    'base/user/handle.sh',
    `#!/bin/sh
while read -r line; do echo "$line" >> seen; [ "$line" = "200 READY" ] && break; done
echo 'SET 2 name = "it works"'
read -r line; echo "$line" >> seen
echo 'BYE SUCCESS'
pwd >> seen
echo "$CCE_EVENTS|$CCE_SOCKET|$HOME$SECRET|$PATH" >> seen
`,
  );
  const connection = new FakeConnection(['5._CREATE', '27.Foo.enable', '2..name']);

  expect(await world.run('base/user/handle.sh', connection)).toBe('SUCCESS');

  const seen = await readFile(join(world.handlerDir, 'base/user/seen'), 'utf8');
  expect(seen.split('\n')).toEqual([
    '100 CSCP/0.99',
    '101 EVENT 5._CREATE',
    '101 EVENT 27.Foo.enable',
    '101 EVENT 2..name',
    '200 READY',
    '201 OK',
    join(world.handlerDir, 'base/user'),
    '5._CREATE 27.Foo.enable 2..name|/run/x/cced.socket||/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    '',
  ]);
  expect(connection.told[0]).toEqual({ verb: 'SET', oid: '2', namespace: '', values: new Map([['name', 'it works']]) });
});

test('a program of a rollback is told so', async () => {
  await using world = await openWorld();
  await world.write('r.sh', '#!/bin/sh\nread -r a; read -r b; read -r c; read -r d; echo "$c $d" >&2; echo BYE SUCCESS\n');

  expect(await world.run('r.sh', new FakeConnection(['1._CREATE'], 'ROLLBACK'))).toBe('SUCCESS');

  await until(() => world.lines().some((line) => line.stderr === '111 ROLLBACK 200 READY'), {
    what: 'the words of the program in the log',
  });
});

test.each<[string, string, HandlerOutcome]>([
  ['BYE without a word', 'echo BYE', 'FAIL'],
  ['BYE FAIL', 'echo BYE FAIL', 'FAIL'],
  ['BYE DEFER', 'echo bye defer', 'DEFER'],
  ['the end without BYE', 'echo WHOAMI', 'FAIL'],
  ['an exit code after BYE SUCCESS', 'echo BYE SUCCESS; exit 3', 'FAIL'],
  ['a refused BYE', 'echo BYE PERHAPS', 'FAIL'],
  ['everything said before anything is read', 'echo WHOAMI; echo WHOAMI; echo BYE SUCCESS', 'SUCCESS'],
  [
    'much output after BYE',
    `echo BYE SUCCESS; read -r g; i=0; while [ $i -lt 3000 ]; do echo "SET 1 a=1 and more words of it, more than a pipe holds"; i=$((i+1)); done`,
    'SUCCESS',
  ],
  ['its own end by a signal', 'echo BYE SUCCESS; kill -9 $$', 'FAIL'],
])('%s ends a program as it must', async (_, script, outcome) => {
  await using world = await openWorld();
  await world.write('h.sh', `#!/bin/sh\n${script}\n`);

  expect(await world.run('h.sh')).toBe(outcome);
});

test('what a program says after BYE is not carried out', async () => {
  await using world = await openWorld();
  await world.write('h.sh', '#!/bin/sh\necho BYE SUCCESS\necho DESTROY 1\n');
  const connection = new FakeConnection();

  expect(await world.run('h.sh', connection)).toBe('SUCCESS');

  expect(connection.told.map((one) => one.verb)).toEqual(['BYE']);
});

test('cce 17.131: a handler in the manner of CCE.pm reads its events, then old and new values of their object', async () => {
  await using world = await openWorld();
  const path = await world.write(
    'handle.pl',
    `use strict; use IO::Handle;
STDOUT->autoflush(1);
my @events; my (%old, %new);
while (my $line = <STDIN>) { push @events, $1 if $line =~ /^101 EVENT (\\S+)/; last if $line =~ /^200 READY/; }
my ($oid, $ns, $prop) = $events[0] =~ /^(\\d+)\\.(\\w*)\\.?(\\w+)$/;
print "GET $oid\\n";
while (my $line = <STDIN>) {
  $old{$1} = $2 if $line =~ /^102 \\S+ (\\w+)\\s*=\\s*"(.*)"/;
  $new{$1} = $2 if $line =~ /^103 \\S+ (\\w+)\\s*=\\s*"(.*)"/;
  last if $line =~ /^[24]/;
}
print STDERR "$prop from $old{$prop} to $new{$prop}\\n";
print "INFO done\\n"; my $ok = <STDIN>;
print "BYE SUCCESS\\n"; my $bye = <STDIN>;
exit($bye =~ /^202/ ? 0 : 1);
`,
  );

  expect(await world.run(path, new FakeConnection(['2..name']), { type: 'perl' })).toBe('SUCCESS');

  await until(() => world.lines().some((line) => line.stderr === 'name from old to new'), { what: 'the words of the handler' });
});

test('cce 17.87: a program that takes too long is killed with all that it started', async () => {
  await using world = await openWorld();
  await world.write('slow.sh', `#!/bin/sh\nsleep 60 & echo $! > child; echo $$ > self; wait\n`);
  const time = new AbortController();

  const outcome = world.run('slow.sh', new FakeConnection(), { signal: time.signal });
  const [child = '', self = ''] = await until(async () => {
    const pids = await Promise.all(['child', 'self'].map((name) => readFile(join(world.handlerDir, name), 'utf8')));
    return pids.every((pid) => pid.trim() !== '') && pids;
  });
  time.abort();

  expect(await outcome).toBe('FAIL');
  await until(() => [child, self].every((pid) => !isRunning(Number(pid))), { what: 'the end of both processes' });
});

test('a program that said BYE and stays is ended when its time is over, and has failed', async () => {
  await using world = await openWorld();
  await world.write('stay.sh', `#!/bin/sh\necho BYE SUCCESS\nread -r a; read -r b; read -r c; echo x > said\nexec sleep 60\n`);
  const time = new AbortController();

  const outcome = world.run('stay.sh', new FakeConnection(), { signal: time.signal });
  await until(() => readFile(join(world.handlerDir, 'said')), { what: 'the program to say BYE' });
  time.abort();

  expect(await outcome).toBe('FAIL');
});

test.each([
  ['../outside.sh', 'is not below'],
  ['link.sh', 'is not below'],
  ['absent.sh', 'ENOENT'],
  ['plain.txt', 'EACCES'],
])('%s is not run', async (path, reason) => {
  await using world = await openWorld();
  await writeFile(join(world.folder, 'outside.sh'), '#!/bin/sh\necho BYE SUCCESS\n', { mode: 0o755 });
  await writeFile(join(world.handlerDir, 'plain.txt'), 'BYE SUCCESS', { mode: 0o644 });
  await symlink(join(world.folder, 'outside.sh'), join(world.handlerDir, 'link.sh'));

  expect(await world.run(path)).toBe('FAIL');

  expect(JSON.stringify(world.lines())).toContain(reason);
});

test('no shell reads a path', async () => {
  await using world = await openWorld();
  await world.write('a; touch touched', `#!/bin/sh\necho BYE SUCCESS\n`);

  expect(await world.run('a; touch touched')).toBe('SUCCESS');

  expect(await readdir(world.handlerDir)).toEqual(['a; touch touched']);
});

test('programs beyond the limit wait for a place, and fail when none comes free', async () => {
  const clock = new ManualClock();
  await using world = await openWorld({ clock, slots: { limit: 1, waitMs: 5000 } });
  await world.write('one.sh', '#!/bin/sh\nread -r a; read -r b; echo > began; while [ ! -f go ]; do sleep 0.02; done; echo BYE SUCCESS\n');
  await world.write('two.sh', '#!/bin/sh\necho BYE SUCCESS\n');

  const first = world.run('one.sh');
  await until(() => readFile(join(world.handlerDir, 'began')), { what: 'the first program' });
  const late = world.run('two.sh');
  const second = world.run('two.sh', new FakeConnection(), { signal: AbortSignal.timeout(15_000) });
  clock.advance(5000);
  expect(await late).toBe('FAIL');
  expect(await second).toBe('FAIL');
  const third = world.run('two.sh');
  await world.write('go', '');

  expect(await first).toBe('SUCCESS');
  expect(await third).toBe('SUCCESS');
});

test('the log keeps only the beginning of what a program says on its standard error', async () => {
  await using world = await openWorld();
  await world.write(
    'loud.cjs',
    `#!${NODE}\nprocess.stderr.write('x'.repeat(5000) + '\\n' + 'line\\n'.repeat(100000));process.stdout.write('BYE SUCCESS\\n');\n`,
  );

  expect(await world.run('loud.cjs')).toBe('SUCCESS');

  await until(() => world.lines().some((line) => String(line.msg).includes('very much')), { what: 'the last word on it' });
  expect(JSON.stringify(world.lines()).length).toBeLessThan(4_000_000);
  expect(String(world.lines()[0]?.stderr)).toHaveLength(2000);
});

test('a type is asked with the value on standard input, bytes as they came', async () => {
  await using world = await openWorld();
  await world.write('type.sh', `#!/bin/sh\n[ "$(od -An -tx1 | tr -d ' \\n')" = "c3a9ff0a" ]\n`);
  const ask = (value: string, path = 'type.sh') => world.port.accepts({ type: 'exec', path }, value, AbortSignal.timeout(15_000));

  expect(await ask('é\udcff\n')).toBe(true);
  expect(await ask('e')).toBe(false);
  expect(await ask('é', 'absent.sh')).toBe(false);
});

test('a type that does not answer within two seconds says no and is killed', async () => {
  const clock = new ManualClock();
  await using world = await openWorld({ clock });
  await world.write('slow.sh', `#!/bin/sh\necho $$ > pid\nexec sleep 60\n`);

  const answer = world.port.accepts({ type: 'exec', path: 'slow.sh' }, 'x', AbortSignal.timeout(15_000));
  const pid = await until(async () => Number(await readFile(join(world.handlerDir, 'pid'), 'utf8')));
  clock.advance(2000);

  expect(await answer).toBe(false);
  await until(() => !isRunning(pid), { what: 'the end of the program' });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
