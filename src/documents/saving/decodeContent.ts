import { SaveRefused } from '../../operations/save/saveRefused';
import { nothingSent } from '../../posthog/outcomePhrases';

const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * Decodes the text that VS Code saves.
 *
 * @param encoding the encoding, other than UTF-8, in which VS Code read the document: the editor then doesn't show what
 * PostHog has, and saving would send the garbled text
 * @throws SaveRefused if the text may not be what the user sees
 */
export function decodeContent(content: Uint8Array, encoding: string | undefined): string {
  if (encoding !== undefined) {
    throw wrongEncoding(`VS Code opened this document as ${encoding} instead of UTF-8`);
  }
  try {
    return decoder.decode(content);
  } catch (error) {
    throw wrongEncoding('VS Code saved this document in an encoding other than UTF-8', error);
  }
}

/** The only remedy that is right whether or not the text is garbled. */
function wrongEncoding(what: string, cause?: unknown): SaveRefused {
  return new SaveRefused(
    `${what}, so its text may be wrong. Run "File: Revert File", then "Change File Encoding" > "Reopen with Encoding" > "UTF-8", and make your changes again. ${nothingSent}`,
    { cause },
  );
}
