<?php
/** What the web interface of BlueOnyx sends and reads, method by method: cce 13.1. The HTTP status is not looked at, as there. */
final class Api
{
    private ?string $user = null;
    private ?string $sessionId = null;
    /** @var array<string, mixed>|null */
    public ?array $answer = null;

    public function __construct(private string $url)
    {
    }

    /** @param array<string, mixed> $payload */
    private function post(array $payload): ?array
    {
        if ($this->user !== null && $this->sessionId !== null) {
            $payload += ['user' => $this->user, 'sessionid' => $this->sessionId];
        }
        $sent = array_filter($payload, fn ($value) => $value !== '' && $value !== null && $value !== []);
        $context = stream_context_create([
            'http' => [
                'method' => 'POST',
                'header' => "Content-Type: application/json\r\nConnection: close",
                'content' => json_encode($sent),
                'ignore_errors' => true,
                'timeout' => 30,
            ],
            'ssl' => ['verify_peer' => false, 'verify_peer_name' => false],
        ]);
        $body = @file_get_contents($this->url, false, $context);
        $this->answer = $body === false ? null : json_decode($body, true);
        return $this->answer;
    }

    private function done(): bool
    {
        return in_array($this->answer['status'] ?? null, [200, 201], true);
    }

    public function connect(): bool
    {
        $this->post(['cmd' => 'PING']);
        return ($this->answer['message'] ?? null) === 'PONG' && in_array($this->answer['status'] ?? null, [200, 202], true);
    }

    public function auth(string $user, string $password): ?string
    {
        $this->post(['cmd' => 'AUTH', 'user' => $user, 'password' => $password]);
        $id = $this->answer['data']['sessionid'] ?? '';
        if ($id === '') {
            return null;
        }
        [$this->user, $this->sessionId] = [$user, $id];
        return $id;
    }

    public function authkey(string $user, string $sessionId): bool
    {
        if ($user === '' || $sessionId === '') {
            return false;
        }
        $this->post(['cmd' => 'AUTHKEY', 'user' => $user, 'sessionid' => $sessionId]);
        return ($this->answer['status'] ?? null) == 201;
    }

    public function forget(): void
    {
        [$this->user, $this->sessionId] = [null, null];
    }

    public function whoami(): ?string
    {
        return $this->post(['cmd' => 'WHOAMI'])['data']['oid'] ?? null;
    }

    /** @return array<string, string>|null */
    public function get(int|string $oid, string $namespace = ''): ?array
    {
        $this->post(['cmd' => 'GET', 'oid' => $oid, 'namespace' => $namespace]);
        return ($this->answer['status'] ?? null) === 201 ? ($this->answer['data']['DATA'] ?? null) : null;
    }

    /** @param array<string, string> $vars */
    public function set(int|string $oid, string $namespace, array $vars): bool
    {
        $pairs = '';
        foreach ($vars as $key => $value) {
            $escaped = strtr($value, ['\\' => '\\\\', '"' => '\\"', "\n" => '\\n', "\r" => '\\r', "\t" => '\\t', "\f" => '\\f']);
            $pairs .= " $key=\"$escaped\"";
        }
        $this->post(['cmd' => "SET $oid" . ($namespace === '' ? '' : " . $namespace") . $pairs]);
        return $this->done();
    }

    /** @param array<string, mixed> $vars */
    public function create(string $class, array $vars): ?string
    {
        $this->post(['cmd' => 'CREATE', 'class' => $class, 'data' => $vars]);
        return $this->done() ? ($this->answer['data']['oid'] ?? $this->answer['data']['oidlist'][0] ?? null) : null;
    }

    public function destroy(int|string $oid): bool
    {
        $this->post(['cmd' => 'DESTROY', 'oid' => $oid]);
        return $this->done();
    }

    /** @return list<string> */
    public function find(string $class, array $vars = []): array
    {
        return $this->post(['cmd' => 'FIND', 'class' => $class, 'args' => $vars])['data']['oidlist'] ?? [];
    }

    /** @return list<string> */
    public function findx(string $class, array $vars, array $patterns, string $type = '', string $property = ''): array
    {
        $words = ['args' => $vars, 'regex_args' => $patterns, 'sorttype' => $type, 'sortprop' => $property];
        return $this->post(['cmd' => 'FINDX', 'class' => $class] + $words)['data']['oidlist'] ?? [];
    }

    public function getObject(string $class, string $namespace = ''): ?array
    {
        $this->post(['cmd' => 'GETOBJECT', 'class' => $class, 'namespace' => $namespace]);
        if (($this->answer['status'] ?? null) != 201) {
            return null;
        }
        return $this->answer['data']['DATA'] ?? $this->answer['data'];
    }

    /** @param string|list<string> $what */
    public function getAll(string|array $what, array $vars = []): array
    {
        $words = is_array($what) ? ['oids' => $what] : ['class' => $what, 'args' => $vars];
        return $this->post(['cmd' => 'GETALL'] + $words)['data']['objects'] ?? [];
    }

    /** @return list<string> */
    public function names(string $what): array
    {
        return $this->post(['cmd' => 'NAMES', 'oid' => $what])['data']['namespaces'] ?? [];
    }

    public function begin(): void
    {
        $this->post(['cmd' => 'BEGIN']);
    }

    public function commit(): int
    {
        return (int) ($this->post(['cmd' => 'COMMIT'])['data']['oid'] ?? 0);
    }

    public function bye(): bool
    {
        $this->post(['cmd' => 'BYE']);
        return $this->done();
    }

    public function endkey(): bool
    {
        $this->post(['cmd' => 'ENDKEY']);
        return $this->done();
    }

    public function suspended(): mixed
    {
        return $this->post(['cmd' => 'SUSPENDED'])['data'] ?? null;
    }

    public function suspend(string $reason): bool
    {
        $this->post(['cmd' => 'ADMIN SUSPEND', 'reason' => $reason]);
        return $this->done();
    }

    public function resume(): bool
    {
        $this->post(['cmd' => 'ADMIN RESUME']);
        return $this->done();
    }

    /**
     * What the layer above shows to a person: each code once, without a leading WARN or FAIL, BAD DATA parted into key and message.
     *
     * @return array<int, array{message: string, key?: string}>
     */
    public function errors(): array
    {
        $errors = [];
        foreach ($this->answer['data']['errors'] ?? [] as $one) {
            $code = $one['code'];
            if ($code < 300 || isset($errors[$code])) {
                continue;
            }
            $message = preg_replace('/^(WARN|FAIL) /', '', $one['message']);
            $errors[$code] = preg_match('/^BAD DATA (\d+) (\S+) "(.*)"$/s', $message, $found)
                ? ['message' => $found[3], 'key' => $found[2]]
                : ['message' => $message];
        }
        $status = $this->answer['status'] ?? 0;
        if ($status >= 300 && !isset($errors[$status])) {
            $errors[$status] = ['message' => $this->answer['message'] ?? ''];
        }
        return $errors;
    }
}
