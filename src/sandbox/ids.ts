import { createHash, randomBytes, randomUUID } from 'node:crypto';

/** A UUID derived from its seed, so that a scenario's IDs never change. */
export function stableUuid(seed: string): string {
  const hex = createHash('sha256').update(seed).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A token derived from its seed, and plainly not a real one. */
export function stableToken(prefix: string, seed: string): string {
  return `${prefix}_${createHash('sha256').update(`token ${seed}`).digest('hex').slice(0, 32)}`;
}

/** A random token. */
export function newToken(prefix: string): string {
  return `${prefix}_${randomBytes(16).toString('hex')}`;
}

/** A random UUID. */
export function newUuid(): string {
  return randomUUID();
}

/** A time in PostHog's format, with microseconds. */
export function timestamp(date: Date): string {
  return date.toISOString().replace('Z', '000Z');
}
