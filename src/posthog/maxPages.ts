/** The maximum number of pages to read. Real lists have fewer, but a faulty server can send pages forever. */
export const MAX_PAGES = 200;
