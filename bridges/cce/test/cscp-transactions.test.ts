import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempDir } from '@fairlead/testkit/temp';
import { until } from '@fairlead/testkit/until';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HandClock } from './support/hand-clock.ts';
import { RawCscp } from './support/raw-cscp.ts';
import { play, playOn } from './support/transcript.ts';
import { openWorld, type World } from './support/world.ts';

/** Greeting read away, then commands of which each waits for its reply. */
const PRELUDE = `#!/bin/sh
ask() { echo "$1"; while read -r line; do case "$line" in 2*|4*) break;; esac; done; }
greet() { while read -r line; do echo "$line" >> "$0.log"; [ "$line" = "200 READY" ] && break; done; }
greet
`;

const files = {
  'schemas/t.schema': `
    <class name="Alpha" version="1.0">
      <property name="name" type="scalar" default="none" />
      <property name="other" type="scalar" />
      <property name="slow" type="scalar" />
      <property name="told" type="scalar" />
      <property name="undone" type="scalar" />
    </class>
    <class name="Guarded" version="1.0">
      <property name="byprogram" type="scalar" writeacl="ruleProgram" readacl="ruleAll" />
      <property name="byperl" type="scalar" writeacl="rulePerl" readacl="ruleAll" />
      <property name="bysilence" type="scalar" writeacl="ruleSilent" readacl="ruleAll" />
      <property name="byboth" type="scalar" writeacl="ruleSilent or ruleProgram" readacl="ruleAll" />
    </class>
    <class name="User" version="1.0"><property name="name" type="scalar" readacl="ruleAll" /></class>
    <rule name="ruleProgram" type="exec" data="rule.sh" />
    <rule name="rulePerl" type="perl" data="rule.pl" />
    <rule name="ruleSilent" type="exec" data="silent.sh" />
    <typedef name="scalar" type="re" data=".*" />`,
  'conf/t.conf': `
    Alpha._CREATE exec:count.sh
    Alpha.name    exec:count.sh
    Alpha.other   exec:count.sh
    Alpha.slow    exec:slow.sh
    Alpha.told    exec:tell.sh
    Alpha.undone  exec:fail.sh
    Alpha.undone  exec:undo.sh CLEANUP.rollback`,
  'handlers/count.sh': `${PRELUDE}echo BYE SUCCESS\n`,
  'handlers/slow.sh': `#!/bin/sh\necho $$ > "$0.pid"\nexec sleep 60\n`,
  'handlers/tell.sh': `${PRELUDE}ask 'WARN "careful"'
ask 'INFO "half done"'
ask 'BADDATA 0 told "[[base-x.no]]"'
ask 'WARN "second"'
echo 'BYE FAIL'
`,
  'handlers/fail.sh': `${PRELUDE}ask 'CREATE Alpha name=made'\necho BYE FAIL\n`,
  'handlers/undo.sh': `${PRELUDE}echo 'SET 1 name=x'; read -r line; echo "$line" >> "$0.log"; echo BYE SUCCESS\n`,
  'handlers/rule.sh': `${PRELUDE}echo WHOAMI; read -r who; echo "$who" >> "$0.log"; read -r line
echo 'SET 1 name=x'; read -r line; echo "$line" >> "$0.log"
echo BYE SUCCESS
`,
  'handlers/rule.pl': `$| = 1; while (<STDIN>) { last if /^200/; } print "BYE SUCCESS\\n"; <STDIN>;\n`,
  'handlers/silent.sh': `#!/bin/sh\nread -r a; read -r b; read -r c\n`,
};

const clock = new HandClock();
let world: World;
let alpha = '';
let guarded = '';
beforeAll(async () => {
  world = await openWorld({ files, clock, settings: { fixtures: undefined } });
  using admin = await world.admin();
  alpha = (await admin.ask('CREATE Alpha name=first other=o'))[0]?.replace('104 OBJECT ', '') ?? '';
  guarded = (await admin.ask('CREATE Guarded'))[0]?.replace('104 OBJECT ', '') ?? '';
});
afterAll(() => world[Symbol.asyncDispose]());

const handler = (name: string) => join(world.folder.path, 'handlers', name);
const asAdmin = (transcript: string) => play(world.adminSocket, transcript);
/** The greetings that a handler was given since it was last asked. */
const read = new Map<string, number>();
function told(name: string): readonly string[] {
  const file = handler(`${name}.log`);
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
  const from = read.get(name) ?? 0;
  read.set(name, lines.length);
  return lines.slice(from).filter((line) => !/^[12]00 /.test(line));
}

test('cce 17.74: inside a transaction GET shows old and new, outside only the old', async () => {
  using admin = await world.admin();
  await playOn(
    admin,
    `> BEGIN
     201 OK
     > SET ${alpha} name=second
     201 OK
     > GET ${alpha}
     ...
     102 DATA name = "first"
     102 DATA other = "o"
     102 DATA slow = ""
     102 DATA told = ""
     102 DATA undone = ""
     103 DATA name = "second"
     201 OK
     > FIND Alpha name=second
     104 OBJECT ${alpha}
     201 OK`,
  );
  await asAdmin(`> FIND Alpha name=second\n201 OK`);
});

test('cce 17.75, 17.76: what was made is shown as new, what was destroyed as gone', async () => {
  using admin = await world.admin();
  await playOn(admin, '> BEGIN\n201 OK');
  const [made = ''] = await admin.ask('CREATE Alpha name=made');
  const oid = made.replace('104 OBJECT ', '');
  await playOn(
    admin,
    `> GET ${oid}
     107 CREATED
     ...
     103 DATA name = "made"
     103 DATA other = ""
     103 DATA slow = ""
     103 DATA told = ""
     103 DATA undone = ""
     201 OK
     > DESTROY ${alpha}
     201 OK
     > GET ${alpha}
     ...
     108 DESTROYED
     201 OK`,
  );
  await asAdmin(`> GET ${oid}\n300 UNKNOWN OBJECT ${oid}\n401 FAIL`);
});

test('cce 17.77, 17.78: COMMIT applies all, a handler runs once for its events, and a failed SET ends nothing', async () => {
  told('count.sh');
  await asAdmin(
    `> BEGIN
     201 OK
     > SET ${alpha} name=third
     201 OK
     > SET ${alpha} nothing=x
     302 BAD DATA ${alpha} nothing "[[base-cce.unknownAttr]]"
     401 FAIL
     > SET ${alpha} other=p
     201 OK
     > COMMIT
     201 OK
     > FIND Alpha name=third other=p
     104 OBJECT ${alpha}
     201 OK
     > COMMIT
     402 BAD COMMAND`,
  );
  expect(told('count.sh')).toEqual([`101 EVENT ${alpha}..name`, `101 EVENT ${alpha}..other`]);
});

test('cce 17.79: BYE discards an open transaction, as does the end; BEGIN and ADMIN are no commands in it', async () => {
  using admin = await world.admin();
  await playOn(
    admin,
    `> BEGIN\n201 OK\n> BEGIN\n402 BAD COMMAND\n> ADMIN SUSPEND\n402 BAD COMMAND\n> SET ${alpha} name=lost\n201 OK\n> BYE\n202 GOODBYE`,
  );
  using second = await world.admin();
  await playOn(second, `> BEGIN\n201 OK\n> SET ${alpha} name=lost\n201 OK`);
  second[Symbol.dispose]();
  await asAdmin('> FIND Alpha name=lost\n201 OK');
  await asAdmin(`> SET ${alpha} name=fourth\n201 OK`);
});

test('cce 17.80, 17.84: a handler that fails leaves the old data; what it says stands before the last word in its order', () =>
  asAdmin(
    `> SET ${alpha} told=x
     302 BAD DATA 0 told "[[base-x.no]]"
     305 WARN "careful"
     106 INFO "half done"
     305 WARN "second"
     401 FAIL
     > FIND Alpha told=x
     201 OK`,
  ));

test('cce 17.88: a handler of a rollback is told so, and can write nothing; what the failed one had made is gone', async () => {
  told('undo.sh');
  await asAdmin(`> SET ${alpha} undone=x\n401 FAIL\n> FIND Alpha name=made\n201 OK`);
  expect(told('undo.sh')).toEqual([`101 EVENT ${alpha}..undone`, '111 ROLLBACK', '402 BAD COMMAND']);
});

test('cce 17.87: a handler that takes longer than its time is killed, and the write has failed', async () => {
  using admin = await world.admin();
  admin.send(`SET ${alpha} slow=x\n`);
  const pid = await until(async () => Number(await readFile(handler('slow.sh.pid'), 'utf8')));
  clock.advance(300_000);
  expect(await admin.reply()).toEqual(['401 FAIL']);
  await until(() => !existsSync(`/proc/${pid}`), { what: 'the end of the handler' });
  await playOn(admin, '> FIND Alpha slow=x\n201 OK');
});

test('cce 17.66: a rule that is a program allows with BYE SUCCESS and denies with anything else', async () => {
  told('rule.sh');
  await play(
    world.socket,
    `> SET ${guarded} byprogram=1
     201 OK
     > SET ${guarded} byperl=1
     201 OK
     > SET ${guarded} bysilence=1
     304 PERMISSION DENIED bysilence
     401 FAIL
     > SET ${guarded} byboth=1
     201 OK
     > SET ${guarded} byprogram=2 bysilence=2
     304 PERMISSION DENIED bysilence
     401 FAIL
     > FIND Guarded byprogram=1 byperl=1 byboth=1
     104 OBJECT ${guarded}
     201 OK`,
  );
  const [event = '', who, write] = told('rule.sh');
  expect(event).toMatch(new RegExp(`^101 EVENT ${guarded}\\.`));
  expect([who, write]).toEqual(['104 OBJECT -1', '402 BAD COMMAND']);
});

test('cce 17.89: a suspended engine refuses writes and says why, also after a restart, until it is resumed', async () => {
  await using folder = await tempDir('cc-');
  {
    await using first = await openWorld({ clock, folder });
    await play(
      first.adminSocket,
      `> ADMIN SUSPEND "upgrade of \\"x\\""
       201 OK
       > ADMIN SUSPEND again
       401 FAIL
       > SET 1 productBuild=x
       309 SUSPENDED "upgrade of \\"x\\""
       401 FAIL
       > WHOAMI
       104 OBJECT -1
       201 OK`,
    );
    await play(first.socket, '> ADMIN RESUME\n401 FAIL');
  }
  await using second = await openWorld({ clock, folder });
  using peer = await RawCscp.open(second.adminSocket, { greeting: false });
  expect(await peer.linesThrough(/^200/)).toEqual(['100 CSCP/0.99', '309 SUSPENDED "upgrade of \\"x\\""', '200 READY']);
  await playOn(peer, '> ADMIN RESUME\n201 OK\n> ADMIN RESUME\n401 FAIL\n> SET 1 productBuild=x\n201 OK');
});
