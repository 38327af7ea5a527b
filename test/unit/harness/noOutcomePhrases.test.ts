import assert from 'node:assert/strict';
import { ESLint } from 'eslint';
import { repoRoot } from '../../harness/paths';

const rule = 'house/no-outcome-phrases';

describe('10: sentences about outcomes', function () {
  this.timeout(60_000);

  // The project's own configuration, without types, which this rule doesn't need.
  const eslint = new ESLint({
    cwd: repoRoot,
    overrideConfig: { languageOptions: { parserOptions: { project: null } } },
    ruleFilter: ({ ruleId }) => ruleId === rule,
  });
  const reported = async (code: string, filePath: string): Promise<readonly (string | null)[]> => {
    const [result] = await eslint.lintText(code, { filePath, warnIgnored: true });
    return result?.messages.map(({ ruleId }) => ruleId) ?? [];
  };

  for (const text of [
    "'Nothing was sent.'",
    '`${reason} Nothing was sent.`',
    "'Nothing has been sent. Choose what to do.'",
    "'The change was not saved.'",
    '"The change wasn\'t applied."',
    "'The outcome is unknown.'",
    '"Couldn\'t confirm whether the change was saved."',
    "'The save could not be confirmed.'",
    '"This can\'t be undone."',
    "'This change cannot be undone.'",
    '`PostHog kept its own value for ${name}.`',
    "'PostHog was asked again and has the change.'",
    "'Checked again: PostHog has the change.'",
    "'Save again to send the rest.'",
    "'The change was saved.'",
    "`Couldn't tell whether ${name} was created.`",
    '`PostHog accepted ${name} but not the rest.`',
    "`PostHog didn't apply ${name}.`",
    "'PostHog may still be reading the files.'",
    '`${name} may already have the new content.`',
    "'There is nothing to undo.'",
    '"The columns haven\'t changed."',
    '`PostHog will delete ${name} tomorrow.`',
    '`${name}: nothing is copied to it.`',
    "`${name} can't be changed as planned.`",
    '`Someone changed ${name} during this save.`',
    '`Not applied: ${name}.`',
  ]) {
    it(`10: ${text} is an error outside the modules for them`, async () => {
      const code = `export const sentence = (reason: string, name: string) => [reason, name, ${text}];\n`;
      for (const file of [
        'src/operations/write.ts',
        'src/documents/saving/documentSaves.ts',
        'src/posthog/request.ts',
      ]) {
        assert.deepEqual(await reported(code, file), [rule], file);
      }
      for (const file of ['src/operations/phrases/tables.ts', 'src/posthog/outcomePhrases.ts']) {
        assert.deepEqual(await reported(code, file), [], file);
      }
    });
  }

  it('10: comments and other sentences are fine', async () => {
    const code =
      "/** Nothing was sent. */\nexport const sentence = 'The file is empty.'; // This can't be undone.\n";
    assert.deepEqual(await reported(code, 'src/operations/write.ts'), []);
  });
});
