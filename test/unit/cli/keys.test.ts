import assert from 'node:assert/strict';
import { keyFor, keyVariable } from '../../../src/cli/keys';
import { isPostHogError } from '../../../src/posthog/errors';

const general = 'POSTHOG_PERSONAL_API_KEY';

/** The key for a host, or why there is none. */
function found(origin: string, environment: Readonly<Record<string, string>>, hosts = [origin]): string {
  try {
    return keyFor(origin, new Set(hosts), environment);
  } catch (error) {
    assert.ok(isPostHogError(error));
    return error.message;
  }
}

/** All environment variables that a key for a host is set in. */
const only = (origin: string): Record<string, string> => {
  const variable = keyVariable(origin);
  assert.ok(variable !== undefined, origin);
  return { [variable]: `key of ${origin}` };
};

describe('the keys of the command line', () => {
  it('7: the variable of a host is that of no other host or port', () => {
    const parts = ['a', '-', '--', '.', 'port', '8000', 'http', '_'];
    const joined = parts.flatMap((one) => parts.flatMap((two) => parts.map((three) => one + two + three)));
    const hosts = ['eu.posthog.com', 'eu-posthog.com', 'eu-posthog-com', ...parts, ...joined]
      .flatMap((host) => [host, `x${host}`, `${host}x`, `x${host}x`, `x.${host}.x`])
      .flatMap((host) => [host, `${host}:8000`, `${host}.com`]);
    const origins = new Set(
      hosts
        .flatMap((host) => [`https://${host}`, `http://${host}`])
        .flatMap((url) => (URL.canParse(url) ? [new URL(url).origin] : [])),
    );
    const variables = [...origins].flatMap((origin) => keyVariable(origin) ?? []);
    assert.ok(variables.length > 1000);
    const twins = variables.filter((name, index) => variables.indexOf(name) !== index);
    assert.deepEqual(twins, []);
    assert.deepEqual(
      variables.filter((name) => !/^POSTHOG_[A-Z\d_]+$/.test(name)),
      [],
    );
  });

  it('7: names of variables are as documented', () => {
    for (const [origin, variable] of [
      ['https://eu.posthog.com', 'POSTHOG_PERSONAL_API_KEY_EU_POSTHOG_COM'],
      ['https://eu-posthog.com', 'POSTHOG_PERSONAL_API_KEY_EU__POSTHOG_COM'],
      ['https://ph.example.com:8000', 'POSTHOG_PERSONAL_API_KEY_PH_EXAMPLE_COM_PORT_8000'],
      ['http://ph.example.com:8000', 'POSTHOG_HTTP_PERSONAL_API_KEY_PH_EXAMPLE_COM_PORT_8000'],
      ['http://localhost:8010', 'POSTHOG_PERSONAL_API_KEY_LOCALHOST_PORT_8010'],
      ['https://ph_1.example.com', undefined],
      ['https://eu.posthog.com.', undefined],
      ['http://[::1]:8010', undefined],
    ] as const) {
      assert.equal(keyVariable(origin), variable, origin);
    }
  });

  it("7: a host's key is never sent to a host with a similar name", () => {
    const key = only('https://eu.posthog.com');
    assert.equal(found('https://eu.posthog.com', key), 'key of https://eu.posthog.com');
    for (const similar of [
      'https://eu-posthog.com',
      'https://eu-posthog-com',
      'https://eu_posthog.com',
      'https://eu.posthog.com.',
      'https://eu.posthog.com:8000',
    ]) {
      assert.match(found(similar, key), /^There is no API key for /, similar);
    }
  });

  it('7: without encryption, only a key for exactly that is sent', () => {
    const [secure, insecure] = ['https://ph.example.com', 'http://ph.example.com'];
    const keys = { ...only(secure), [general]: 'the general key' };
    assert.equal(
      found(insecure, keys),
      "There is no API key for http://ph.example.com. The connection isn't encrypted, so keys for encrypted connections can't be used. To send a key there anyway, set POSTHOG_HTTP_PERSONAL_API_KEY_PH_EXAMPLE_COM.",
    );
    assert.equal(found(insecure, {}), found(insecure, keys));
    assert.equal(found(insecure, only(insecure)), `key of ${insecure}`);
    assert.match(found(secure, only(insecure)), /^There is no API key for https:/);
    assert.match(
      found('http://ph_1.example.com', keys),
      /letters, digits, dots, and hyphens .* Use https\.$/,
    );
    assert.equal(found('http://localhost:8010', keys), 'the general key');
  });

  it('7: a host that has no variable of its own can use the general one', () => {
    const [odd, other] = ['https://ph_1.example.com', 'https://eu.posthog.com'];
    const keys = { [general]: 'the general key' };
    assert.equal(found(odd, keys), 'the general key');
    assert.equal(
      found(odd, {}),
      `There is no API key for ${odd}. Only a host of letters, digits, dots, and hyphens can have a variable of its own. Set ${general} to a personal API key.`,
    );
    assert.match(
      found(odd, keys, [odd, other]),
      /The environments are on 2 hosts, .* variable of its own\. Choose environments on one host/,
    );
  });
});
