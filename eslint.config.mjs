import tseslint from 'typescript-eslint';
import { noCycles } from './test/harness/noCycles.mjs';
import { noOutcomePhrases } from './test/harness/noOutcomePhrases.mjs';

/**
 * The house: imports run downwards only. Each layer may import the layers after it, never one before it.
 * The sandbox stands beside the house and imports nothing of it but types.
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
/** From here down, nothing knows VS Code or Node.js: what is needed of them comes through ports. */
const firstPlainLayer = layers.indexOf('operations');

/** Forbids imports, static and dynamic, of what a regular expression over the written path matches. */
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
          ...(node ? [{ regex: '^node:', message: 'This layer runs anywhere: use a port.' }] : []),
          ...more,
        ],
        paths: vscode ? [{ name: 'vscode', message: 'This layer runs without VS Code: use a port.' }] : [],
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
    `Imports run downwards only: extension > ${layers.join(' > ')}.`,
    { vscode: index >= firstPlainLayer, node: index >= firstPlainLayer, more },
  );
};

const house = layers.map((layer) => downwardsOnly([`src/${layer}/**/*.ts`], layer));

/** Commands ask the directory what there is. What a command was called on becomes an entry of it in one place. */
const rows = [
  downwardsOnly(['src/commands/**/*.ts'], 'commands', [
    {
      regex: '/tree/',
      message: 'Ask the directory; targets.ts tells which of its entries a row stands for.',
      allowTypeImports: true,
    },
  ]),
  downwardsOnly(['src/commands/targets.ts'], 'commands'),
];

/** The command line stands on the operations, as a window does, and knows nothing of VS Code. */
const cli = forbidImports(
  ['src/cli/**/*.ts'],
  `^(\\.\\./)+(${[...layers.slice(0, firstPlainLayer), 'sandbox', 'test', 'extension'].join('|')})(/|$)`,
  'The command line imports operations and what is below them.',
  { vscode: true },
);

/**
 * What shows text of a server, and turns parts of it into links or icons. `src/ui` alone calls it, because there every
 * text is made harmless.
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

const rawMessage = 'Text of a server may hold links that run commands: go through src/ui.';

/** What writes to PostHog and is an operation: no file above them sends it, as every write is settled in one way. */
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

/** The sandbox has folders whose names rooms of the house have too, so that it counts how far a path goes up. */
const sandbox = ['*', '*/*', '*/*/*'].map((files, depth) =>
  forbidImports(
    [`src/sandbox/${files}.ts`],
    `^(\\.\\./){${depth + 1}}(${[...layers, 'test', 'extension'].join('|')})(/|$)`,
    'The sandbox follows the facts, not the extension: it imports only types from the house.',
    { types: true, vscode: true },
  ),
);

/** Reports calls of methods by name, whatever the object is called. */
const noWrites = {
  meta: { type: 'problem', schema: { type: 'array', items: { type: 'string' } } },
  create: (context) => ({
    'CallExpression > MemberExpression.callee > Identifier.property'(node) {
      if (context.options.includes(node.name)) {
        context.report({
          node,
          message: 'What writes to PostHog is an operation: call it in src/operations.',
        });
      }
    },
  }),
};

/** Reports uses of VS Code's API as a value: the bundle of the start would then name all of it, which is 10 kB. */
const noWholeApi = {
  meta: { type: 'problem', schema: [] },
  create: (context) => ({
    'Identifier[name="vscode"]'(node) {
      const { type, object, computed } = node.parent;
      const isOneName = type === 'MemberExpression' && object === node && !computed;
      if (!isOneName && type !== 'TSQualifiedName' && type !== 'ImportNamespaceSpecifier') {
        context.report({ node, message: 'Name what is needed of the API, as in vscode.workspace.' });
      }
    },
  }),
};

/** Reports what {@link rawCalls} cannot name: errors of files, and hovers of plain strings, which are Markdown. */
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

/** What became of a write is said in the same words everywhere. */
const outcomePhrases = {
  files: ['src/**/*.ts'],
  ignores: ['src/operations/phrases.ts', 'src/posthog/outcomePhrases.ts', 'src/sandbox/**'],
  rules: { 'house/no-outcome-phrases': 'error' },
};

/** Reports where the words of a failure decide something: src/posthog turns what a server says into kinds and codes. */
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
            message: 'No control flow reads a sentence: give the failure a kind or a code.',
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

/** Files that import each other in a circle cannot be understood one by one. */
const cycles = {
  files: ['src/**/*.ts'],
  plugins: {
    house: {
      rules: {
        'no-cycles': noCycles,
        'no-writes': noWrites,
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
      // Disposables are interfaces here; ports are object types whose methods use no `this`.
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
