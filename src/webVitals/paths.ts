/** A path read from what a person typed, with a sentence when it is not what they typed. */
export type ReadPath = { ok: true; path: string; note?: string } | { ok: false; problem: string };

/**
 * Reads a path as `$pathname` holds it: from the root, without query and fragment. An address is cut to its path, a
 * missing slash is added. Percent signs and `<id>` stay as they are: the path cleaning rules are PostHog's to apply.
 */
export function readPath(text: string): ReadPath {
  const typed = text.trim();
  if (typed === '') {
    return { ok: false, problem: 'Type the path of a page, such as /pricing.' };
  }
  const address = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i.exec(typed)?.[0];
  const rest = address === undefined ? typed : typed.slice(address.length);
  const bare = rest.replace(/[?#].*$/s, '');
  const path = bare.startsWith('/') ? bare : `/${bare}`;
  if (/\p{Cc}/u.test(path)) {
    return { ok: false, problem: 'A path has no line breaks or control characters.' };
  }
  const notes = [
    ...(address === undefined ? [] : ['the path of the address']),
    ...(address === undefined && bare !== path ? ['with the leading slash that every path has'] : []),
    ...(bare === rest ? [] : ['without query and fragment, which PostHog keeps apart']),
  ];
  return { ok: true, path, ...(notes.length > 0 && { note: notes.join(', ') }) };
}

/** The paths in the addresses that an environment lists as its own (`app_urls`, API facts 4.5), each once. */
export function pathsOfUrls(urls: unknown): readonly string[] {
  const paths = (Array.isArray(urls) ? urls : []).flatMap((url: unknown) => {
    const read = typeof url === 'string' && url.includes('://') ? readPath(url) : undefined;
    // A wildcard stands for many pages, and web vitals are asked for one.
    return read?.ok && !read.path.includes('*') ? [read.path] : [];
  });
  return [...new Set(paths)];
}
