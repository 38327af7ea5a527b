/** A path parsed from what the user typed, with a sentence if it differs. */
export type ReadPath = { ok: true; path: string; note?: string } | { ok: false; problem: string };

/**
 * Parses a path as `$pathname` has it: from the root, without query and fragment. Of a URL, only the path is kept, and
 * a missing slash is added. Percent signs and `<id>` stay unchanged: PostHog applies its path cleaning rules itself.
 */
export function readPath(text: string): ReadPath {
  const typed = text.trim();
  if (typed === '') {
    return { ok: false, problem: 'Enter the path of a page, such as /pricing.' };
  }
  const address = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i.exec(typed)?.[0];
  const rest = address === undefined ? typed : typed.slice(address.length);
  const bare = rest.replace(/[?#].*$/s, '');
  const path = bare.startsWith('/') ? bare : `/${bare}`;
  if (/\p{Cc}/u.test(path)) {
    return { ok: false, problem: "A path can't contain line breaks or control characters." };
  }
  const notes = [
    ...(address === undefined ? [] : ['the path of the address']),
    ...(address === undefined && bare !== path ? ['with the leading slash that every path has'] : []),
    ...(bare === rest ? [] : ['without query and fragment, which PostHog keeps apart']),
  ];
  return { ok: true, path, ...(notes.length > 0 && { note: notes.join(', ') }) };
}

/** The distinct paths in the URLs that an environment lists as its own (`app_urls`, API facts 4.5). */
export function pathsOfUrls(urls: unknown): readonly string[] {
  const paths = (Array.isArray(urls) ? urls : []).flatMap((url: unknown) => {
    const read = typeof url === 'string' && url.includes('://') ? readPath(url) : undefined;
    // A wildcard stands for many pages, but web vitals are about one.
    return read?.ok && !read.path.includes('*') ? [read.path] : [];
  });
  return [...new Set(paths)];
}
