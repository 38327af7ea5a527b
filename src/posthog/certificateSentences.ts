import type { PostHogErrorFacts } from './errors';
import { codesOf } from './causes';
import { tidy } from './redact';

type Sentences = Pick<PostHogErrorFacts, 'kind' | 'what' | 'why' | 'remedy'>;

const certificateCodes =
  /^(UNABLE_TO_|SELF_SIGNED_CERT|DEPTH_ZERO_|CERT_|ERR_TLS_CERT|INVALID_CA|HOSTNAME_MISMATCH)/;

/** Whether a code says that this computer rejected the server's certificate. */
export const isCertificateCode = (code: string): boolean => certificateCodes.test(code);

/** Sentences for a certificate that this computer rejected. @param subject whose: an origin, or a proxy in words */
export function certificateSentences(subject: string, chain: readonly object[]): Sentences {
  const codes = codesOf(chain);
  const sentences = (what: string, why: string, remedy: string): Sentences => ({
    kind: 'certificate',
    what,
    why,
    remedy,
  });
  if (codes.includes('CERT_HAS_EXPIRED')) {
    return sentences(
      `The certificate of ${subject} has expired.`,
      '',
      "Ask its administrator to renew the certificate. Also check that this computer's clock is right.",
    );
  }
  if (codes.includes('CERT_NOT_YET_VALID')) {
    return sentences(
      `The certificate of ${subject} isn't valid yet.`,
      '',
      "Check that this computer's clock is right.",
    );
  }
  if (codes.includes('ERR_TLS_CERT_ALTNAME_INVALID') || codes.includes('HOSTNAME_MISMATCH')) {
    const names = namesIn(chain);
    return sentences(
      `The certificate of ${subject} is for a different host name.`,
      names === '' ? '' : `It's for ${names}.`,
      'Use a host name from the certificate in the address, or have the certificate corrected.',
    );
  }
  return sentences(
    `The certificate of ${subject} isn't trusted.`,
    "It was signed by an authority that this computer doesn't know.",
    'If your company or server has its own certificate authority, set its PEM file in posthogEnvironments.network.caFile.',
  );
}

/** The host names in the certificate that doesn't match. */
function namesIn(chain: readonly object[]): string {
  for (const cause of chain) {
    const certificate = 'cert' in cause ? cause.cert : undefined;
    if (typeof certificate === 'object' && certificate !== null && 'subjectaltname' in certificate) {
      const names = String(certificate.subjectaltname).match(/(?:DNS|IP Address):[^,\s]+/g) ?? [];
      const shown = names.slice(0, 5).map((name) => tidy(name.replace(/^[^:]*:/, ''), ''));
      return shown.join(', ') + (names.length > shown.length ? ' and others' : '');
    }
  }
  return '';
}

/** How OpenSSL and BoringSSL report that the server requires a client certificate, or rejected the one it got. */
const missing = 'ALERT_CERTIFICATE_REQUIRED';
const refused =
  /ALERT_(BAD_CERTIFICATE|UNKNOWN_CA|CERTIFICATE_UNKNOWN|CERTIFICATE_EXPIRED|CERTIFICATE_REVOKED|UNSUPPORTED_CERTIFICATE|ACCESS_DENIED|DECRYPT_ERROR)$/;
const unspecific = 'ALERT_HANDSHAKE_FAILURE';

const itsSettings =
  'the settings posthogEnvironments.network.clientCertificateFile and posthogEnvironments.network.clientKeyFile';

/** Sentences for a server that requires a client certificate, or rejected the one it got. */
export function clientCertificateSentences(origin: string, codes: readonly string[]): Sentences | undefined {
  if (codes.some((code) => code.endsWith(missing))) {
    return clientCertificateMissing(origin);
  }
  const code = codes.find((candidate) => refused.test(candidate));
  if (code !== undefined) {
    return {
      kind: 'certificate',
      what: `${origin} rejected the client certificate.`,
      why: code.endsWith('CERTIFICATE_EXPIRED')
        ? 'It has expired.'
        : code.endsWith('UNKNOWN_CA')
          ? "It was signed by an authority that the server doesn't know."
          : `The server reported ${code
              .replace(/^.*ALERT_/, '')
              .toLowerCase()
              .replaceAll('_', ' ')}.`,
      remedy: `Check ${itsSettings}.`,
    };
  }
  return codes.some((candidate) => candidate.endsWith(unspecific))
    ? {
        kind: 'certificate',
        what: `${origin} refused to establish a secure connection.`,
        why: "It may require a client certificate, or encryption that VS Code doesn't support.",
        remedy: `If the server requires a client certificate, set it in ${itsSettings}.`,
      }
    : undefined;
}

/** Sentences for a server that requires a client certificate and got none. */
export const clientCertificateMissing = (origin: string): Sentences => ({
  kind: 'certificate',
  what: `${origin} requires a client certificate.`,
  why: 'No valid one was sent.',
  remedy: `Set the certificate and its key in ${itsSettings}.`,
});
