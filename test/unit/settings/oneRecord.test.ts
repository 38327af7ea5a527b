import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import ts from 'typescript';
import { settingsFields, type SettingsField } from '../../../src/settings/catalogue';
import { keyOf } from '../../../src/settings/keys';
import { nullRemoves, type FieldRule } from '../../../src/settings/rules';

/** The catalogue itself, and the sandbox, which implements the facts independently. */
const isApart = (file: string): boolean => /^(?:settings\/(?:fields\/|keys\.ts)|sandbox\/)/.test(file);

/** Fields of tables aren't settings, whatever their names; they have their own records. */
const isAboutTables = (file: string): boolean =>
  /^(?:warehouse\/|commands\/table\/|operations\/table\/|posthog\/tableRefusals)/.test(file);

const sources: readonly ts.SourceFile[] = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts') && !isApart(file))
  .map((file) =>
    ts.createSourceFile(file, readFileSync(`src/${file}`, 'utf8'), ts.ScriptTarget.Latest, true),
  );

/** The results of `found` for all nodes of the sources, with their positions. */
function search(found: (node: ts.Node, file: string) => string | undefined): string[] {
  const hits: string[] = [];
  for (const source of sources) {
    const visit = (node: ts.Node): void => {
      const hit = found(node, source.fileName);
      if (hit !== undefined) {
        const { line } = source.getLineAndCharacterOfPosition(node.getStart());
        hits.push(`${source.fileName}:${line + 1}: ${hit}`);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return hits;
}

/** The keys of objects inside a value with this rule, at any depth. */
function keysInside(rule: FieldRule | undefined): string[] {
  switch (rule?.type) {
    case 'object':
      return [
        ...Object.entries(rule.keys ?? {}).flatMap(([key, part]) => [key, ...keysInside(part)]),
        ...keysInside(rule.each),
        ...(rule.adds ?? []),
      ];
    case 'array':
      return keysInside(rule.items);
    case 'union':
      return rule.of.flatMap(keysInside);
    default:
      return [];
  }
}

describe('the record of a setting', () => {
  const writable = settingsFields.filter(({ access }) => access === 'writable');
  const keys = new Set(writable.flatMap(({ key, rule }) => [key, ...keysInside(rule)]));

  it('10.4: is the only place with its key, or a key inside it', () => {
    // What the client parses from responses are types of the API, whose properties the compiler checks.
    const models = sources.find(({ fileName }) => fileName === 'posthog/models.ts');
    assert.ok(models);
    const parsed = new Set(
      models.statements
        .filter(ts.isInterfaceDeclaration)
        .flatMap(({ members }) => members.map(({ name }) => name?.getText())),
    );
    const found = search((node, file) => {
      const isName = ts.isIdentifier(node);
      if (!isName && !ts.isStringLiteralLike(node)) {
        return undefined;
      }
      const isApi = isName && (file.startsWith('posthog/') || parsed.has(node.text));
      return node.text.includes('_') && keys.has(node.text) && !isApi && !isAboutTables(file)
        ? node.text
        : undefined;
    });
    assert.deepEqual(found, []);
  });

  it('10.4: is used instead of comparing keys with strings', () => {
    const words = new Set(writable.map(({ key }) => key));
    const isKey = (node: ts.Node): boolean => ts.isStringLiteralLike(node) && words.has(node.text);
    /** Whether it may be a setting's key: a kind or a type is a word of the code. */
    const mayBeKey = (node: ts.Node): boolean => !/(?:kind|type)\b\)?$/.test(node.getText());
    const equal = [ts.SyntaxKind.EqualsEqualsEqualsToken, ts.SyntaxKind.ExclamationEqualsEqualsToken];
    const found = search((node, file) => {
      if (isAboutTables(file)) {
        return undefined;
      }
      const compares =
        ts.isBinaryExpression(node) &&
        equal.includes(node.operatorToken.kind) &&
        (isKey(node.left) ? mayBeKey(node.right) : isKey(node.right) && mayBeKey(node.left));
      // A path that starts with it: `[['name']]`.
      const begins =
        ts.isArrayLiteralExpression(node) &&
        ts.isArrayLiteralExpression(node.parent) &&
        node.elements.slice(0, 1).some(isKey);
      const cases =
        ts.isCaseClause(node) &&
        isKey(node.expression) &&
        mayBeKey(node.parent.parent.expression) &&
        !file.startsWith('posthog/');
      const includes =
        ts.isCallExpression(node) &&
        /\.(?:includes|has|get)$/.test(node.expression.getText()) &&
        node.arguments.some(isKey);
      return compares || begins || cases || includes ? node.getText().slice(0, 80) : undefined;
    });
    assert.deepEqual(found, []);
  });

  it('10.4: has the key of settings that the extension itself uses', () => {
    const own = Object.values(keyOf).map((key) => writable.filter((field) => field.key === key).length);
    assert.deepEqual(
      own,
      own.map(() => 1),
    );
  });

  it('has what used to be decided by key elsewhere', () => {
    const having = (attribute: keyof SettingsField): string[] =>
      settingsFields.filter((field) => field[attribute] !== undefined).map(({ key }) => key);
    assert.deepEqual(having('writableByResource'), ['app_urls']);
    assert.deepEqual(having('mergeDepth'), ['session_replay_config']);
    assert.deepEqual(having('neededOnCreation'), ['name']);
    const removesWithNull = settingsFields.flatMap(({ key, rule }) =>
      Object.entries(rule.type === 'object' ? (rule.keys ?? {}) : {})
        .filter(([, part]) => nullRemoves(part))
        .map(([part]) => `${key}.${part}`),
    );
    assert.deepEqual(removesWithNull, ['marketing_analytics_config.sources_map']);
    assert.deepEqual(having('sentWhole'), ['conversations_settings', 'workflows_config']);
    assert.deepEqual(having('notOnCreation'), ['primary_dashboard']);
    assert.deepEqual(having('confidential'), ['slack_incoming_webhook']);
    assert.deepEqual(having('whenIgnored'), ['default_data_theme']);
    assert.deepEqual(having('replacedBy'), [
      'slack_incoming_webhook',
      'default_evaluation_environments_enabled',
    ]);
  });
});
