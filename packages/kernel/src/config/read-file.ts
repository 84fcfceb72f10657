import { readFileSync, statSync } from 'node:fs';
import { maxIniBytes } from './ini.ts';
import type { ConfigMistake } from './mistakes.ts';

/** The text of a file of settings; empty, with a mistake at the given place, when it cannot be read. */
export function readConfigFile(file: string, mistakes: ConfigMistake[], place: Pick<ConfigMistake, 'origin' | 'where'>): string {
  try {
    const size = statSync(file).size;
    if (size <= maxIniBytes) return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
    mistakes.push({ ...place, found: `${size} bytes`, allowed: `at most ${maxIniBytes} bytes` });
  } catch (error) {
    const unreadable = place.origin === file ? 'no readable file' : `no readable file ${file}`;
    const found = error instanceof TypeError ? 'bytes that are no UTF-8' : `${unreadable} (${codeOf(error)})`;
    mistakes.push({ ...place, found, allowed: 'a readable UTF-8 file' });
  }
  return '';
}

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}
