import type { FakeCloudStack } from '../src/fake/index.ts';

/** The control paths of a fake. */
export interface Panel {
  get(): Promise<Record<string, unknown>>;
  put(part: string, body: unknown): Promise<Record<string, unknown>>;
  delete(part: string): Promise<Record<string, unknown>>;
}

/** Speaks to `/_fake/`; an answer that is not 200 is an Error `<status> <text>`. */
export function panel(fake: FakeCloudStack): Panel {
  const root = new URL('/_fake/', fake.url);
  async function call(method: string, part: string, body?: unknown): Promise<Record<string, unknown>> {
    const response = await fetch(new URL(part, root), { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const answer = (await response.json()) as Record<string, unknown>;
    if (response.status !== 200) throw new Error(`${response.status} ${String(answer.error)}`);
    return answer;
  }
  return {
    get: () => call('GET', ''),
    put: (part, body) => call('PUT', part, body),
    delete: (part) => call('DELETE', part),
  };
}
