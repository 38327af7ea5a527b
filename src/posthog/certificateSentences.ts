import type { PostHogErrorFacts } from './errors';
import { codesOf } from './causes';
import { tidy } from './redact';

type Sentences = Pick<PostHogErrorFacts, 'kind' | 'what' | 'why' | 'remedy'>;

const certificateCodes =
  /^(UNABLE_TO_|SELF_SIGNED_CERT|DEPTH_ZERO_|CERT_|ERR_TLS_CERT|INVALID_CA|HOSTNAME_MISMATCH)/;

/** Whether a code says that the certificate of the other side was not accepted. */
export const isCertificateCode = (code: string): boolean => certificateCodes.test(code);

/** Sentences for a certificate that this computer did not accept. @param subject whose: an origin, or a proxy in words. */
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
      'Whoever runs it has to renew the certificate; check that the clock of this computer is right, too.',
    );
  }
  if (codes.includes('CERT_NOT_YET_VALID')) {
    return sentences(
      `The certificate of ${subject} is not valid yet.`,
      '',
      'Check that the clock of this computer is right.',
    );
  }
  if (codes.includes('ERR_TLS_CERT_ALTNAME_INVALID') || codes.includes('HOSTNAME_MISMATCH')) {
    const names = namesIn(chain);
    return sentences(
      `The certificate of ${subject} was made out for another host name.`,
      names === '' ? '' : `It is for ${names}.`,
      'Use a name of the certificate in the address, or have the certificate corrected.',
    );
  }
  return sentences(
    `The certificate of ${subject} is not trusted.`,
    'It was signed by an authority that this computer does not know.',
    'If your company or server has an authority of its own, give its PEM file in the setting posthogEnvironments.network.caFile.',
  );
}

/** The host names of the certificate that did not fit. */
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

/** What the other side says when a certificate of this side is missing or not accepted, in OpenSSL's and BoringSSL's words. */
const missing = 'ALERT_CERTIFICATE_REQUIRED';
const refused =
  /ALERT_(BAD_CERTIFICATE|UNKNOWN_CA|CERTIFICATE_UNKNOWN|CERTIFICATE_EXPIRED|CERTIFICATE_REVOKED|UNSUPPORTED_CERTIFICATE|ACCESS_DENIED|DECRYPT_ERROR)$/;
const unspecific = 'ALERT_HANDSHAKE_FAILURE';

const settingsOfIt =
  'the settings posthogEnvironments.network.clientCertificateFile and posthogEnvironments.network.clientKeyFile';

/** Sentences for a server that asks for a client certificate, or does not accept the one it got. */
export function clientCertificateSentences(origin: string, codes: readonly string[]): Sentences | undefined {
  if (codes.some((code) => code.endsWith(missing))) {
    return clientCertificateMissing(origin);
  }
  const code = codes.find((candidate) => refused.test(candidate));
  if (code !== undefined) {
    return {
      kind: 'certificate',
      what: `${origin} did not accept the client certificate.`,
      why: code.endsWith('CERTIFICATE_EXPIRED')
        ? 'It has expired.'
        : code.endsWith('UNKNOWN_CA')
          ? 'It was signed by an authority that the server does not know.'
          : `The server reported ${code
              .replace(/^.*ALERT_/, '')
              .toLowerCase()
              .replaceAll('_', ' ')}.`,
      remedy: `Check ${settingsOfIt}.`,
    };
  }
  return codes.some((candidate) => candidate.endsWith(unspecific))
    ? {
        kind: 'certificate',
        what: `${origin} refused to make a secure connection.`,
        why: 'It may ask for a client certificate, or for a kind of encryption that VS Code does not offer.',
        remedy: `If the server asks for a client certificate, give it in ${settingsOfIt}.`,
      }
    : undefined;
}

/** Sentences for a server that got no client certificate. */
export const clientCertificateMissing = (origin: string): Sentences => ({
  kind: 'certificate',
  what: `${origin} asks for a client certificate.`,
  why: 'None was sent.',
  remedy: `Give the certificate and its key in ${settingsOfIt}.`,
});
