import * as tls from 'node:tls';
import { PostHogError } from '../posthog/errors';

/** Texts of the certificate files of the settings, in PEM. */
export interface CertificateFiles {
  /** Certificate authorities, trusted beside those of the system. */
  ca?: readonly string[];
  /** Client certificate. */
  cert?: string;
  /** Key of the client certificate. */
  key?: string;
}

const certificateSetting = 'posthogEnvironments.network.clientCertificateFile';
const keySetting = 'posthogEnvironments.network.clientKeyFile';

/**
 * Checks the files before they are used: a wrong file would else show as a failed connection to the server.
 *
 * @throws PostHogError `certificate`, naming the setting.
 */
export function checkCertificateFiles({ ca = [], cert, key }: CertificateFiles): void {
  if (ca.some((pem) => !pem.includes('-----BEGIN'))) {
    throw unusable(
      'The file of certificate authorities holds no PEM certificate.',
      '',
      'Give a file in PEM format in the setting posthogEnvironments.network.caFile.',
    );
  }
  if (cert !== undefined && key === undefined && !cert.includes('PRIVATE KEY-----')) {
    throw unusable(
      'The client certificate has no key.',
      'Without its key it cannot be sent.',
      `Give the key in the setting ${keySetting}.`,
    );
  }
  if (key !== undefined && cert === undefined) {
    throw unusable(
      'There is a client key without a client certificate.',
      '',
      `Give the certificate in the setting ${certificateSetting}, or clear ${keySetting}.`,
    );
  }
  if (key?.includes('ENCRYPTED') === true) {
    throw unusable(
      'The key of the client certificate is protected by a passphrase.',
      'The extension cannot ask for it.',
      `Give a key without a passphrase in the setting ${keySetting}.`,
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
          'The key does not belong to the client certificate.',
          '',
          `Give the certificate and its own key in the settings ${certificateSetting} and ${keySetting}.`,
        )
      : unusable(
          'The certificate files of the network settings cannot be used.',
          code === '' ? '' : `OpenSSL says ${code}.`,
          'Give files in PEM format in the settings under posthogEnvironments.network.',
        );
  }
}

const unusable = (what: string, why: string, remedy: string): PostHogError =>
  new PostHogError({ kind: 'certificate', what, why, remedy });
