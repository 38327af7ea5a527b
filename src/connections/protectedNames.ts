/**
 * Names of environments that no customer sees, with their short forms, and names that mean the opposite, whatever else
 * they contain. Ambiguous names such as QA aren't listed: asking once too often does no harm.
 */
const harmless = /^(?:dev|development|test|tests|testing|stg|stage|staging|local|localhost|demo|sandbox)$/;
const live = /^(?:prod|production|live)$/;

/** Whether an environment is protected by its name alone. It is, unless the name says that it's for testing. */
export function isProtectedName(name: string): boolean {
  const words = name
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}]+/u);
  return words.some((word) => live.test(word)) || !words.some((word) => harmless.test(word));
}
