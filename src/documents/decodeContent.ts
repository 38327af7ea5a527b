import { SaveRefused } from '../operations/saveRefused';

const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * The text that VS Code saves.
 *
 * @param encoding the other encoding in which VS Code has read the document, if it has: what the editor then shows is
 * not what PostHog says, and saving that text as UTF-8 would send it as it is shown
 * @throws SaveRefused when it is not surely the text that the person means
 */
export function decodeContent(content: Uint8Array, encoding: string | undefined): string {
  if (encoding !== undefined) {
    throw wrongEncoding(`VS Code has read this document as ${encoding} instead of UTF-8`);
  }
  try {
    return decoder.decode(content);
  } catch (error) {
    throw wrongEncoding('This document was not saved as UTF-8', error);
  }
}

/** The one way out that is right whether the text is garbled or not. */
function wrongEncoding(what: string, cause?: unknown): SaveRefused {
  return new SaveRefused(
    `${what}, so its text may be wrong. Run "File: Revert File", then "Change File Encoding" > "Reopen with Encoding" > "UTF-8", and make your changes again. Nothing was sent.`,
    { cause },
  );
}
