const shownNames = 6;

/** Names for a sentence, shortened if there are many. */
export function namesText(names: readonly string[]): string {
  return names.length <= shownNames + 1
    ? names.join(', ')
    : `${names.slice(0, shownNames).join(', ')} and ${names.length - shownNames} more`;
}
