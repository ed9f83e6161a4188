import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

// What must not leak into the rooms that are simulated: time, chance, the platform, state that survives a crash.
const simulated = ['src/{core,ports,engine,sim}/**/*.ts'];
const world = [
  'Date',
  'performance',
  'process',
  'crypto',
  'fetch',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'globalThis',
  'AbortController',
  'AbortSignal',
  'WeakRef',
  'FinalizationRegistry',
  'Intl',
  'console',
  'Buffer',
  'TextEncoder',
  'TextDecoder',
];

const leaks = [
  {
    selector:
      "MemberExpression[object.name='Math'][property.name=/^(random|pow|exp|log|cbrt|sin|cos|tan|exp.*|log.*)$/]",
    message: 'Chance and platform-dependent arithmetic come in by a port.',
  },
  {
    selector: "BinaryExpression[operator='**'], AssignmentExpression[operator='**=']",
    message: 'Powers differ between platforms: multiply.',
  },
  {
    selector: 'MemberExpression[property.name=/^(localeCompare|toLocale.*)$/]',
    message: 'Order is by code unit.',
  },
  { selector: 'ImportExpression', message: 'No dynamic import in simulated code.' },
  {
    selector:
      "Program > VariableDeclaration[kind='let'], Program > ExportNamedDeclaration > VariableDeclaration[kind='let']",
    message: 'Module state survives a simulated crash.',
  },
  {
    selector:
      ':matches(Program, Program > ExportNamedDeclaration) > VariableDeclaration > VariableDeclarator > NewExpression[callee.name=/^(Map|Set|WeakMap|WeakSet)$/][arguments.length=0]',
    message: 'Module state survives a simulated crash.',
  },
];

export default defineConfig(
  globalIgnores(['**/dist/', '**/generated/', 'sample-repo/', 'coverage/', '.dependency-cruiser.cjs']),
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
  },
  {
    files: ['{src,test,scripts}/**/*.ts'],
    extends: [tseslint.configs.base],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // Rules that find bugs; taste is left to Prettier and to readers.
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-for-in-array': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-unsafe-assignment': 'error',
      '@typescript-eslint/no-unsafe-call': 'error',
      '@typescript-eslint/no-unsafe-member-access': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/prefer-promise-reject-errors': 'error',
      '@typescript-eslint/require-array-sort-compare': ['error', { ignoreStringArrays: true }],
      '@typescript-eslint/restrict-plus-operands': 'error',
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: true },
      ],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-constant-binary-expression': 'error',
      'no-control-regex': 'error',
      'no-empty': 'error',
      'no-fallthrough': 'error',
      'no-self-compare': 'error',
      'no-template-curly-in-string': 'off',
      'no-unreachable-loop': 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: simulated,
    rules: {
      'no-restricted-globals': ['error', ...world],
      'no-restricted-syntax': ['error', ...leaks],
    },
  },
  {
    files: ['src/{adapters,entry}/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'ImportExpression > Literal[value=/^(?!\\.|node:)/]',
          message:
            'Import a file of ours lazily, which imports the package at its top: in the bundle a lazily imported CommonJS package has no named exports.',
        },
      ],
    },
  },
  {
    files: ['src/**/*.ts', 'scripts/**/*.mjs'],
    rules: {
      'max-lines': ['warn', { max: 300 }],
      'max-lines-per-function': ['warn', { max: 70 }],
      complexity: ['warn', 12],
      'max-params': ['warn', 4],
    },
  },
);
