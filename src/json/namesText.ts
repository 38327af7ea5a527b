const shownNames = 6;

/** Names for a sentence, cut where it would become a list. */
export function namesText(names: readonly string[]): string {
  return names.length <= shownNames + 1
    ? names.join(', ')
    : `${names.slice(0, shownNames).join(', ')} and ${names.length - shownNames} more`;
}
