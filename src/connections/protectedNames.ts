/**
 * Names of environments that no customer sees, with their short forms, and names that mean the opposite, whatever else
 * they contain. A name that is in doubt, such as QA, isn't listed: being asked once too often does no harm.
 */
const harmless = /^(?:dev|development|test|tests|testing|stg|stage|staging|local|localhost|demo|sandbox)$/;
const live = /^(?:prod|production|live)$/;

/** Whether the name alone makes an environment protected: it does, unless it says that it is for testing. */
export function isProtectedName(name: string): boolean {
  const words = name
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}]+/u);
  return words.some((word) => live.test(word)) || !words.some((word) => harmless.test(word));
}
