/** Names that tell what nobody's customers see, and names that tell the opposite, whatever else they say. */
const harmless = /^(?:dev|development|test|tests|testing|qa|stage|staging|local|localhost|demo|sandbox)$/;
const live = /^(?:prod|production|live)$/;

/** Whether the name alone makes an environment a protected one: it does, unless it says that it is for trying things. */
export function isProtectedName(name: string): boolean {
  const words = name
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}]+/u);
  return words.some((word) => live.test(word)) || !words.some((word) => harmless.test(word));
}
