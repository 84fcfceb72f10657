<?php
/**
 * Sends and reads what the web interface of BlueOnyx does, every method once, and ends with 0 when each step held.
 * Settings come as one JSON object on standard input: url, user, password.
 */
declare(strict_types=1);
error_reporting(E_ALL);
set_error_handler(function (int $level, string $text, string $file, int $line): bool {
    throw new ErrorException($text, 0, $level, $file, $line);
});
require __DIR__ . '/api.php';

$failures = 0;

function step(string $name, callable $work): void
{
    global $failures;
    try {
        $work();
        echo "passed  $name\n";
    } catch (Throwable $failure) {
        $failures += 1;
        echo "failed  $name  {$failure->getMessage()} (line {$failure->getLine()})\n";
    }
}

function same(mixed $expected, mixed $seen, string $what): void
{
    if ($expected !== $seen) {
        throw new RuntimeException("$what is " . json_encode($seen) . ', not ' . json_encode($expected));
    }
}

function holds(bool $truth, string $otherwise): void
{
    if (!$truth) {
        throw new RuntimeException($otherwise);
    }
}

$settings = json_decode(stream_get_contents(STDIN), true);
$api = new Api($settings['url']);
$session = null;

step('ping', fn () => holds($api->connect(), 'no PONG'));
step('a wrong password gives no session', fn () => same(null, $api->auth($settings['user'], 'wrong'), 'the session'));
step('whoami without a session is nobody', fn () => same('-1', $api->whoami(), 'the oid'));
step('nobody may not write', function () use ($api) {
    holds(!$api->set(1, 'Snmp', ['readCommunity' => 'stolen']), 'accepted');
    same('PERMISSION DENIED readCommunity', $api->errors()[304]['message'] ?? null, 'the error');
});
step('auth', function () use ($api, $settings, &$session) {
    $session = $api->auth($settings['user'], $settings['password']);
    same(63, strlen((string) $session), 'the length of the session id');
});
step('authkey', fn () => holds($api->authkey($settings['user'], $session), 'refused'));
step('whoami', fn () => same('6', $api->whoami(), 'the oid'));
step('get with a number and with text as oid', function () use ($api) {
    same('admin', $api->get(6)['name'] ?? null, 'the name');
    same('User', $api->get('6')['CLASS'] ?? null, 'the class');
});
step('get of a namespace', function () use ($api) {
    $email = $api->get(6, 'Email');
    same('Email', $email['NAMESPACE'] ?? null, 'NAMESPACE');
    holds(!isset($email['OID']), 'OID stands in a namespace');
});
step('get of an object that is not there', function () use ($api) {
    same(null, $api->get(9999), 'the object');
    same('UNKNOWN OBJECT 9999', $api->errors()[300]['message'] ?? null, 'the error');
});
step('set with every character that is escaped', function () use ($api) {
    $text = "quote \" slash \\ line\nbreak\r\ttab\f € é & ' \$x";
    holds($api->set(6, '', ['description' => $text]), 'refused');
    same($text, $api->get(6)['description'], 'the value');
});
step('set in a namespace', function () use ($api) {
    holds($api->set(1, 'Snmp', ['readCommunity' => 'conformance']), 'refused');
    same('conformance', $api->get(1, 'Snmp')['readCommunity'], 'the value');
    holds($api->set(1, 'Snmp', ['readCommunity' => 'public']), 'refused');
});
step('set of a bad value says which key', function () use ($api) {
    holds(!$api->set(1, 'Snmp', ['enabled' => '5']), 'accepted');
    same(['message' => '[[base-cce.invalidData]]', 'key' => 'enabled'], $api->errors()[302] ?? null, 'the error');
});
$oid = null;
step('create with a list as value', function () use ($api, &$oid) {
    $oid = $api->create('Vsite', [
        'hostname' => 'php', 'domain' => 'example.test', 'fqdn' => 'php.example.test', 'ipaddr' => '192.0.2.7',
        'maxusers' => 25, 'webAliases' => ['a.example.test', 'b.example.test'],
    ]);
    holds(is_string($oid), json_encode($api->answer));
    same('&a.example.test&b.example.test&', $api->get($oid)['webAliases'], 'the packed list');
});
step('create of a class that is not there', function () use ($api) {
    same(null, $api->create('NoSuchClass', []), 'the oid');
    same('UNKNOWN CLASS NoSuchClass', $api->errors()[301]['message'] ?? null, 'the error');
});
step('find', function () use ($api, &$oid) {
    same([$oid], $api->find('Vsite', ['fqdn' => 'php.example.test']), 'what was found');
    same([], $api->find('Vsite', ['fqdn' => 'nobody.example.test']), 'what was found');
});
step('findx', function () use ($api, &$oid) {
    same([$oid], $api->findx('Vsite', ['domain' => 'example.test'], ['fqdn' => '^php\\.example\\.test$'], 'ascii', 'fqdn'), 'what was found');
    same([], $api->findx('Vsite', [], ['fqdn' => '^nobody$']), 'what was found');
});
step('getObject', function () use ($api) {
    same('1', $api->getObject('System')['OID'] ?? null, 'the oid');
    same('Snmp', $api->getObject('System', 'Snmp')['NAMESPACE'] ?? null, 'the namespace');
});
step('getAll by class and by oids', function () use ($api) {
    $users = $api->getAll('User', ['site' => 'site1']);
    holds(isset($users['56']['OBJECT']['name'], $users['56']['Email']), json_encode($users));
    same(['56', '58'], array_map(strval(...), array_keys($api->getAll(['56', '58', '9999']))), 'the oids');
});
step('names of an object and of a class', function () use ($api) {
    holds(in_array('Email', $api->names('6'), true), 'no Email');
    same($api->names('6'), $api->names('User'), 'the namespaces');
});
step('a transaction that succeeds', function () use ($api, &$oid) {
    $api->begin();
    $api->set($oid, '', ['maxusers' => '30']);
    same('25', $api->get($oid)['maxusers'], 'the value before the commit');
    $api->commit();
    same(201, $api->answer['status'], 'the status');
    same('30', $api->get($oid)['maxusers'], 'the value after it');
});
step('a transaction that fails changes nothing', function () use ($api, &$oid) {
    $api->begin();
    $api->set($oid, '', ['maxusers' => '31']);
    $api->set($oid, '', ['nonsense' => 'x']);
    $api->commit();
    same(409, $api->answer['status'], 'the status');
    same('30', $api->get($oid)['maxusers'], 'the value');
});
step('suspended, suspend, resume', function () use ($api) {
    same(null, $api->suspended(), 'suspended');
    holds($api->suspend('at work'), 'suspend was refused');
    same('at work', $api->suspended()['reason'] ?? null, 'the reason');
    holds(!$api->set(6, '', ['description' => 'x']), 'a write was accepted while suspended');
    same('SUSPENDED "at work"', $api->errors()[309]['message'] ?? null, 'the error');
    holds($api->resume(), 'resume was refused');
    holds(!$api->resume(), 'a second resume was accepted');
});
step('destroy', function () use ($api, &$oid) {
    holds($api->destroy($oid), json_encode($api->answer));
    same(null, $api->get($oid), 'the object');
});
step('bye leaves the session alive', function () use ($api, $settings, &$session) {
    holds($api->bye(), 'refused');
    holds($api->authkey($settings['user'], $session), 'the session is gone');
});
step('endkey ends the session', function () use ($api, $settings, &$session) {
    holds($api->endkey(), 'refused');
    $api->forget();
    holds(!$api->authkey($settings['user'], $session), 'the session lives');
});
exit($failures === 0 ? 0 : 1);
