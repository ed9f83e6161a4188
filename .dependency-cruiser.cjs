// Imports point one way. Each rule says why it is there; ARCHITECTURE.md tells the whole.
const PACKAGES = ['npm', 'npm-dev', 'npm-peer', 'npm-optional', 'npm-no-pkg', 'unknown'];

/** Files under `from` may import, of our own code, only what is `allowed`. */
const only = (name, comment, from, allowed, fromNot) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, ...(fromNot ? { pathNot: fromNot } : {}) },
  to: { path: '^src/', pathNot: allowed },
});

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'Two files that need each other are one file, or hide a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'nothing-unresolved',
      comment: 'An import that cannot be found would escape every other rule.',
      severity: 'error',
      from: { path: '^src/' },
      to: { couldNotResolve: true },
    },
    only(
      'base-knows-nothing',
      'Identifiers, versions and digests are the words of all other rooms, so they know none of them.',
      '^src/core/base/',
      ['^src/core/base/'],
    ),
    only(
      'model-reads-base',
      'The model is text made into data; what is done with it comes later.',
      '^src/core/model/',
      ['^src/core/(base|model)/'],
    ),
    only('graph-reads-model', 'The graph is made from the model alone.', '^src/core/graph/', [
      '^src/core/(base|model|graph)/',
    ]),
    only('plan-reads-graph', 'The plan compares the graph with what was observed.', '^src/core/plan/', [
      '^src/core/(base|model|graph|plan)/',
    ]),
    only(
      'rollout-reads-plan',
      'The plan carries all that a rollout needs: a rollout that looked into the model could see a newer one than was planned.',
      '^src/core/rollout/',
      ['^src/core/(base|plan|rollout)/'],
    ),
    only(
      'journal-reads-rollout',
      'The journal folds entries; like the rollout it sees neither model nor graph.',
      '^src/core/journal/',
      ['^src/core/(base|plan|rollout|journal)/'],
    ),
    only('status-reads-core', 'Status tells about everything, and nothing reads it.', '^src/core/status/', [
      '^src/core/',
    ]),
    only('ports-speak-core', 'A port is a contract in the words of the core.', '^src/ports/', [
      '^src/(ports|core)/',
    ]),
    only(
      'engine-never-touches-the-world',
      'The simulator runs the real engine: it may reach the world only through ports.',
      '^src/engine/',
      ['^src/(engine|ports|core)/'],
    ),
    only('an-adapter-knows-no-sibling', 'Adapters can be replaced one at a time.', '^src/adapters/([^/]+)/', [
      '^src/(ports|core)/',
      // What several of them do alike; it knows none of them.
      '^src/adapters/common/',
      '^src/adapters/$1/',
    ]),
    only(
      'a-forge-knows-no-other',
      'What forges do alike lies in parts; a forge that looked at another would bring its API through the port.',
      '^src/adapters/forge/(github|gitea)/',
      [
        '^src/(ports|core)/',
        '^src/adapters/common/',
        '^src/adapters/forge/parts/',
        '^src/adapters/forge/$1/',
      ],
    ),
    only('parts-know-no-forge', 'What all forges do alike speaks of none.', '^src/adapters/forge/parts/', [
      '^src/(ports|core)/',
      '^src/adapters/common/',
      '^src/adapters/forge/parts/',
    ]),
    only('sim-without-adapters', 'A simulation that touched a real adapter would not be one.', '^src/sim/', [
      '^src/(sim|engine|ports|core)/',
    ]),
    only(
      'an-entry-knows-no-sibling',
      'An entry is a program or a way in of its own; what it needs of a sibling is handed to it; cli/operations.ts and action/operations.ts are the contracts between them and who does the work. Only src/entry/main.ts and src/entry/compose.ts know them all.',
      '^src/entry/([^/]+)',
      [
        '^src/(engine|ports|core|adapters|sim)/',
        '^src/entry/$1/',
        '^src/entry/compose\\.ts$',
        '^src/entry/(cli|action)/operations\\.ts$',
      ],
      ['^src/entry/(main|compose)\\.ts$'],
    ),
    {
      name: 'nobody-imports-an-entry',
      comment: 'Entries wire the rest together; the rest cannot know how.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/entry/'] },
      to: { path: '^src/entry/' },
    },
    {
      name: 'src-without-tests-and-scripts',
      comment: 'What ships does not depend on what tests or builds it.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|scripts)/' },
    },
    {
      name: 'core-is-pure',
      comment: 'The core computes: no platform, and of packages only pure ones that are needed by name.',
      severity: 'error',
      from: { path: '^src/core/' },
      to: {
        dependencyTypes: ['core', ...PACKAGES],
        pathNot: ['node_modules/(yaml|ajv|semver|@noble/hashes|@marcbachmann/cel-js)/'],
      },
    },
    {
      name: 'only-model-reads-yaml',
      comment: 'Text is parsed once, in one room; everyone after it sees data.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/core/model/'] },
      to: { path: 'node_modules/(yaml|ajv|@marcbachmann/cel-js)/' },
    },
    {
      name: 'engine-is-packageless',
      comment: 'Simulated code uses the language and ours, so that every await is a port.',
      severity: 'error',
      from: { path: '^src/(engine|ports|sim)/' },
      to: { dependencyTypes: ['core', ...PACKAGES] },
    },
    {
      name: 'no-undeclared-package',
      comment: 'A package that is there by chance is gone the day another one drops it.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-no-pkg', 'unknown'], pathNot: ['^src/'] },
    },
    {
      name: 'tools-stay-outside',
      comment:
        'All packages are development dependencies, since the published programs are bundles: so the tools are kept out of them by name.',
      severity: 'error',
      from: { path: '^src/' },
      to: {
        path: 'node_modules/(vitest|fast-check|typescript|typescript-eslint|eslint|prettier|esbuild|dependency-cruiser)/',
      },
    },
  ],
  options: {
    // Imports of types count: a room that knows another's types knows the room.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
    },
  },
};
