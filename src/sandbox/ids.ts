import { createHash, randomBytes, randomUUID } from 'node:crypto';

/** A UUID that depends on nothing but its seed, so that a scenario has the same ids every time. */
export function stableUuid(seed: string): string {
  const hex = createHash('sha256').update(seed).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A token that depends on nothing but its seed. Plainly not a real one. */
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

/** A time as PostHog writes it, with microseconds. */
export function timestamp(date: Date): string {
  return date.toISOString().replace('Z', '000Z');
}
