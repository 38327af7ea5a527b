/** Keys that hold credentials wherever they are; `api_token` is public (API facts 1.3). */
const secretKey = /secret|password|private_?key|access_?key|webhook|signature|(?<!^api_)token(?:_|$)/i;

/** Personal keys, project secret keys, OAuth tokens and the secret of heatmap screenshots (API facts 1.3, 9.1). */
const tokens = /\bph[sxarh]_[\w-]+/gi;
/** JSON web tokens. */
const webTokens = /\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*)?/g;
/**
 * Parameters that sign a URL (S3, Google Cloud Storage, CloudFront, Azure), and common names of keys. Anyone with the
 * URL can do what was signed.
 */
const signatures =
  /(?<=[?&;](?:x-(?:amz|goog)-(?:signature|credential|security-token)|signature|policy|key-pair-id|awsaccesskeyid|googleaccessid|sig|hmac|jwt|(?:access[_-]?|auth[_-]?|client[_-]?)?(?:token|secret)|api[_-]?key|access[_-]?key(?:[_-]?id)?|password)=)[^&;#\s"'<>]+/gi;
/** The user info of a URL. */
const userInfo = /(?<=\b[a-z][a-z0-9+.-]*:\/\/)[^/?#\s"'<>@]+(?=@)/gi;
/**
 * Incoming webhooks whose path is the secret: Slack, Microsoft Teams, Discord, Google Chat and Zapier. Power Automate's
 * have a signature, and self-hosted ones are only recognized by their key.
 */
const webhooks =
  /(?<=\bhttps:\/\/(?:hooks\.(?:slack|slack-gov|zapier)\.com\/|chat\.googleapis\.com\/|[\w-]+\.webhook\.office\.com\/|outlook\.office(?:365)?\.com\/webhook\/|(?:[\w-]+\.)?discord(?:app)?\.com\/api\/(?:v\d+\/)?webhooks\/))[^\s"'<>]+/gi;

/** Whether a key of a JSON object names a credential. */
export const namesSecret = (key: string): boolean => secretKey.test(key);

/** A string with everything that looks like a secret replaced: tokens, and the signatures of URLs. */
export function maskSecretText(text: string, mask: string): string {
  return [tokens, webTokens, signatures, userInfo, webhooks].reduce(
    (clean, pattern) => clean.replace(pattern, mask),
    text,
  );
}
