import * as tls from 'node:tls';
import { PostHogError } from '../posthog/errors';

/** The contents of the certificate files in the settings, in PEM format. */
export interface CertificateFiles {
  /** Certificate authorities to trust in addition to the system's. */
  ca?: readonly string[];
  /** Client certificate. */
  cert?: string;
  /** Key of the client certificate. */
  key?: string;
}

const certificateSetting = 'posthogEnvironments.network.clientCertificateFile';
const keySetting = 'posthogEnvironments.network.clientKeyFile';

/**
 * Checks the files before they are used: otherwise, a wrong file would look like a failed connection to the server.
 *
 * @throws PostHogError `certificate`, naming the setting
 */
export function checkCertificateFiles({ ca = [], cert, key }: CertificateFiles): void {
  if (ca.some((pem) => !pem.includes('-----BEGIN'))) {
    throw unusable(
      'The certificate authorities file contains no PEM certificate.',
      '',
      'Set posthogEnvironments.network.caFile to a file in PEM format.',
    );
  }
  if (cert !== undefined && key === undefined && !cert.includes('PRIVATE KEY-----')) {
    throw unusable(
      'The client certificate has no key.',
      "The certificate can't be used without its key.",
      `Set ${keySetting} to the key file.`,
    );
  }
  if (key !== undefined && cert === undefined) {
    throw unusable(
      'There is a client key, but no client certificate.',
      '',
      `Set ${certificateSetting} to the certificate file, or clear ${keySetting}.`,
    );
  }
  if (key?.includes('ENCRYPTED') === true) {
    throw unusable(
      "The client certificate's key is protected by a passphrase.",
      "The extension can't ask for it.",
      `Set ${keySetting} to a key without a passphrase.`,
    );
  }
  try {
    tls.createSecureContext({
      ca: [...ca],
      cert,
      key: key ?? (cert?.includes('PRIVATE KEY') ? cert : undefined),
    });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw code.includes('KEY_VALUES_MISMATCH')
      ? unusable(
          "The key doesn't match the client certificate.",
          '',
          `Set ${certificateSetting} and ${keySetting} to a certificate and its own key.`,
        )
      : unusable(
          "The certificate files in the network settings can't be used.",
          code === '' ? '' : `OpenSSL reports ${code}.`,
          'Use files in PEM format for the settings in posthogEnvironments.network.',
        );
  }
}

const unusable = (what: string, why: string, remedy: string): PostHogError =>
  new PostHogError({ kind: 'certificate', what, why, remedy });
