import tseslint from 'typescript-eslint';
import { noCycles } from './test/harness/noCycles.mjs';
import { noOutcomePhrases } from './test/harness/noOutcomePhrases.mjs';

/**
 * The house: imports only go down. Each layer can import the layers after it, but none before it. The sandbox is next
 * to the house and imports only types from it.
 */
const layers = [
  'commands',
  'tree',
  'webVitals',
  'matrix',
  'documents',
  'reports',
  'ui',
  'platform',
  'operations',
  'directory',
  'connections',
  'posthog',
  'warehouse',
  'settings',
  'json',
];
/** From here down, nothing depends on VS Code or Node.js: ports provide what's needed. */
const firstPlainLayer = layers.indexOf('operations');

/** Forbids static and dynamic imports of paths that match a regular expression. */
const forbidImports = (
  files,
  regex,
  message,
  { types = false, vscode = false, node = false, more = [] } = {},
) => ({
  files,
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        patterns: [
          { regex, message, allowTypeImports: types },
          ...(node ? [{ regex: '^node:', message: 'This layer runs anywhere. Use a port.' }] : []),
          ...more,
        ],
        paths: vscode ? [{ name: 'vscode', message: 'This layer runs without VS Code. Use a port.' }] : [],
      },
    ],
    'no-restricted-syntax': [
      'error',
      { selector: `ImportExpression[source.value=/${regex.replaceAll('/', '\\/')}/]`, message },
    ],
  },
});

const downwardsOnly = (files, layer, more = []) => {
  const index = layers.indexOf(layer);
  return forbidImports(
    files,
    `^(\\.\\./)+(${[...layers.slice(0, index), 'test', 'extension(?![A-Z])'].join('|')})(/|$)`,
    `Imports only go down: extension > ${layers.join(' > ')}.`,
    { vscode: index >= firstPlainLayer, node: index >= firstPlainLayer, more },
  );
};

const house = layers.map((layer) => downwardsOnly([`src/${layer}/**/*.ts`], layer));

/** Commands ask the directory what exists. One file turns the row that a command was called on into an entry. */
const rows = [
  downwardsOnly(['src/commands/**/*.ts'], 'commands', [
    {
      regex: '/tree/',
      message: 'Ask the directory. targets.ts returns the entry of a row.',
      allowTypeImports: true,
    },
  ]),
  downwardsOnly(['src/commands/targets.ts'], 'commands'),
];

/** The command line uses the operations, as the extension does, and doesn't depend on VS Code. */
const cli = forbidImports(
  ['src/cli/**/*.ts'],
  `^(\\.\\./)+(${[...layers.slice(0, firstPlainLayer), 'sandbox', 'test', 'extension'].join('|')})(/|$)`,
  'The command line imports only operations and the layers below.',
  { vscode: true },
);

/**
 * Calls that show text and turn parts of it into links or icons. Only `src/ui` uses them, because it makes text from
 * servers harmless.
 */
const rawCalls = [
  'withProgress',
  'showInputBox',
  'showQuickPick',
  'createInputBox',
  'createQuickPick',
  'showInformationMessage',
  'showWarningMessage',
  'showErrorMessage',
  'showOpenDialog',
  'showSaveDialog',
  'setStatusBarMessage',
  'createStatusBarItem',
  'MarkdownString',
  'Unavailable',
  'NoPermissions',
  'FileNotFound',
  'FileExists',
  'FileIsADirectory',
  'FileNotADirectory',
];

const rawMessage = 'Text from a server can contain links that run commands. Use src/ui.';

/** Calls that write to PostHog. Only operations use them, because every write is verified in the same way. */
const operationCalls = [
  'patchEnvironment',
  'createEnvironment',
  'deleteEnvironment',
  'createTable',
  'patchTable',
  'deleteTable',
  'refreshSchema',
  'updateSchema',
  'uploads',
];

const throughOperations = {
  files: [`src/{cli,${layers.slice(0, firstPlainLayer).join(',')}}/**/*.ts`, 'src/extension.ts'],
  rules: {
    'house/no-writes': ['error', ...operationCalls],
  },
};

const throughUi = {
  files: ['src/**/*.ts'],
  ignores: ['src/ui/**', 'src/sandbox/**'],
  rules: {
    'house/no-raw-text': 'error',
    'no-restricted-properties': [
      'error',
      ...rawCalls.map((property) => ({
        property,
        message: rawMessage,
      })),
    ],
  },
};

/** VS Code garbles characters of two UTF-16 code units in edits, unless they're made in a certain way. */
const exactEdits = {
  files: ['src/**/*.ts'],
  ignores: ['src/documents/textEdits.ts'],
  rules: { 'house/no-raw-edits': 'error' },
};

const noRawEdits = {
  meta: { type: 'problem', schema: [] },
  create: (context) => ({
    'NewExpression > MemberExpression.callee > Identifier.property[name="WorkspaceEdit"]'(node) {
      context.report({
        node,
        message: 'Use replacing() in src/documents/textEdits.ts, which keeps emoji intact.',
      });
    },
  }),
};

/** Some folders of the sandbox have the same names as layers, so the number of `../` in a path counts. */
const sandbox = ['*', '*/*', '*/*/*'].map((files, depth) =>
  forbidImports(
    [`src/sandbox/${files}.ts`],
    `^(\\.\\./){${depth + 1}}(${[...layers, 'test', 'extension'].join('|')})(/|$)`,
    'The sandbox follows the facts, not the extension. It imports only types from the house.',
    { types: true, vscode: true },
  ),
);

/** Reports method calls by name, whatever the object is called. */
const noWrites = {
  meta: { type: 'problem', schema: { type: 'array', items: { type: 'string' } } },
  create: (context) => ({
    'CallExpression > MemberExpression.callee > Identifier.property'(node) {
      if (context.options.includes(node.name)) {
        context.report({
          node,
          message: 'Only operations write to PostHog. Call this in src/operations.',
        });
      }
    },
  }),
};

/** Reports uses of VS Code's API as a value: the startup bundle would then contain all of its names, which is 10 kB. */
const noWholeApi = {
  meta: { type: 'problem', schema: [] },
  create: (context) => ({
    'Identifier[name="vscode"]'(node) {
      const { type, object, computed } = node.parent;
      const isOneName = type === 'MemberExpression' && object === node && !computed;
      if (!isOneName && type !== 'TSQualifiedName' && type !== 'ImportNamespaceSpecifier') {
        context.report({ node, message: 'Name the part of the API, as in vscode.workspace.' });
      }
    },
  }),
};

/** Reports what {@link rawCalls} can't name: file errors, and hovers with plain strings, which are Markdown. */
const noRawText = {
  meta: { type: 'problem', schema: [] },
  create: (context) => {
    const report = (node) => context.report({ node, message: rawMessage });
    const hasString = (node) => {
      const { program, esTreeNodeToTSNodeMap } = context.sourceCode.parserServices;
      const checker = program.getTypeChecker();
      const isString = (type) =>
        type.isUnion()
          ? type.types.some(isString)
          : checker.typeToString(checker.getBaseTypeOfLiteralType(type)) === 'string';
      const type = checker.getTypeAtLocation(esTreeNodeToTSNodeMap.get(node));
      const parts = checker.isArrayType(type) ? checker.getTypeArguments(type) : [type];
      return parts.some(isString);
    };
    return {
      'NewExpression > MemberExpression.callee > Identifier.property[name="FileSystemError"]': report,
      'NewExpression[callee.property.name="Hover"]'({ arguments: [text] }) {
        if (text && hasString(text)) {
          report(text);
        }
      },
      'Property[key.name="hoverMessage"]'({ value }) {
        if (hasString(value)) {
          report(value);
        }
      },
    };
  },
};

/** Outcomes of writes are described in the same words everywhere. */
const outcomePhrases = {
  files: ['src/**/*.ts'],
  ignores: ['src/operations/phrases/*.ts', 'src/posthog/outcomePhrases.ts', 'src/sandbox/**'],
  rules: { 'house/no-outcome-phrases': 'error' },
};

/** Reports control flow that depends on the wording of a failure: src/posthog turns messages of a server into kinds and codes. */
const noSentences = {
  meta: { type: 'problem', schema: [] },
  create: (context) => {
    const words = ['detail', 'message', 'what', 'why', 'remedy'];
    const isWords = (node) => {
      switch (node?.type) {
        case 'MemberExpression':
          return (
            words.includes(node.property.name) &&
            !/data|event|rule/i.test(context.sourceCode.getText(node.object))
          );
        case 'Identifier':
          return node.name === 'detail';
        case 'ChainExpression':
          return isWords(node.expression);
        case 'LogicalExpression':
          return isWords(node.left);
        default:
          return false;
      }
    };
    return {
      CallExpression({ callee, arguments: given }) {
        const asks = ['test', 'exec', 'match', 'matchAll', 'includes', 'startsWith', 'endsWith', 'search'];
        if (
          callee.type === 'MemberExpression' &&
          asks.includes(callee.property.name) &&
          (isWords(callee.object) || given.some(isWords))
        ) {
          context.report({
            node: callee,
            message: 'Control flow must not read sentences. Give the failure a kind or a code.',
          });
        }
      },
    };
  },
};

const throughCodes = {
  files: ['src/**/*.ts'],
  ignores: ['src/posthog/**', 'src/sandbox/**'],
  rules: { 'house/no-sentences': 'error' },
};

/** Files that import each other in a cycle can't be understood one by one. */
const cycles = {
  files: ['src/**/*.ts'],
  plugins: {
    house: {
      rules: {
        'no-cycles': noCycles,
        'no-writes': noWrites,
        'no-raw-edits': noRawEdits,
        'no-raw-text': noRawText,
        'no-outcome-phrases': noOutcomePhrases,
        'no-sentences': noSentences,
        'no-whole-api': noWholeApi,
      },
    },
  },
  rules: { 'house/no-cycles': 'error', 'house/no-whole-api': 'error' },
};

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', '.vscode-test/**', 'media/**/*.js'] },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
      '@typescript-eslint/require-await': 'off',
      // Disposables are interfaces here, and the methods of ports don't use `this`.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true, named: true } }],
      'no-empty': ['error', { allowEmptyCatch: false }],
      eqeqeq: 'error',
      'max-lines': ['error', { max: 500, skipBlankLines: true, skipComments: true }],
    },
  },
  ...house,
  ...rows,
  ...sandbox,
  cli,
  throughUi,
  exactEdits,
  outcomePhrases,
  cycles,
  throughOperations,
  throughCodes,
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      'max-lines': 'off',
    },
  },
);
