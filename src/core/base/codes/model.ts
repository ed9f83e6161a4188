import type { CodeTable } from './describe.js';

/** Documents together: what they refer to, what they ask for, what they are made of. */
export const modelCodes = {
  'template.syntax': {
    title: 'Broken reference',
    meaning: 'A text holds "${" that is not a reference: it is not closed, or has no names joined by dots.',
    fix: 'Write ${scope.name}, or "$${" for a literal "${".',
    example: 'url: "http://${instance.address"',
  },
  'template.unknown': {
    title: 'Reference to nothing',
    meaning: 'A reference names a parameter, relationship, field or scope that does not exist.',
    fix: 'Correct the name; the message says which there are.',
    example: '"${configuration.loglevel}"      # logLevel',
  },
  'template.endpoint': {
    title: 'Field that the provider does not offer',
    meaning:
      'A consumer refers to a field of an endpoint, and the release that fulfils the relationship has none of that name.',
    fix: 'Use a field that it has, or add the field in a new release of the provider.',
    example: '"${relationships.store.endpoint.uri}"',
  },
  'template.loop': {
    title: 'Values that refer to each other',
    meaning: 'Values refer to each other in a circle, so that none of them can be known.',
    fix: 'Write one of them out.',
    example: 'a: "${configuration.b}"\nb: "${configuration.a}"',
  },
  'template.secret': {
    title: 'Secret in an endpoint',
    meaning: 'An endpoint is shown to everybody who reads status or plans, so it cannot hold a secret.',
    fix: 'Give the secret to the consumer in its own configuration.',
    example: 'endpoint: { url: "postgres://u:${secrets.db}@host" }',
  },
  'template.tooLarge': {
    title: 'Result too large',
    meaning:
      'What references stand for is larger than 64 kB. A few lines that repeat each other could otherwise fill all memory.',
    fix: 'Put the contents into a file of the release (artifacts).',
    example: null,
  },
  'template.type': {
    title: 'Map or list inside a text',
    meaning: 'A reference inside a longer text stands for a map or a list, which cannot be written there.',
    fix: 'Make the reference the whole value, or refer to one part of it.',
    example: '"--hosts=${configuration.hosts}"',
  },
  'parameters.schema': {
    title: 'Parameters that are not understood',
    meaning:
      'Parameters are written in a subset of JSON Schema that is interpreted, never compiled. Patterns and references to other schemas are not part of it.',
    fix: 'Use the keywords that the message lists.',
    example: 'port: { type: strnig }',
  },
  'parameters.default': {
    title: 'Default that does not fit',
    meaning: 'The default of a parameter is not a value that its own schema allows.',
    fix: 'Correct the default or the schema.',
    example: 'level: { enum: [low, high], default: medium }',
  },
  'provider.unknown': {
    title: 'Unknown provider',
    meaning: 'The component names a provider that does not exist, or that the operator does not allow here.',
    fix: 'Use one of those that the message lists, or allow it in the operator’s configuration.',
    example: 'provider: proces',
  },
  'provider.configuration': {
    title: 'Configuration that the provider refuses',
    meaning: 'The configuration does not fit what the provider says it can take.',
    fix: 'Correct the configuration.',
    example: 'configuration: { comand: [node] }',
  },
  'artifacts.pattern': {
    title: 'Not a pattern of paths',
    meaning:
      'Artifacts are paths from the root of the repository: * stands for anything within one name, ** for any folders. Other wildcards are refused.',
    fix: 'Write such a path.',
    example: 'artifacts: ["src/**/*.{js,ts}"]',
  },
  'artifacts.empty': {
    title: 'Pattern that matches nothing',
    meaning:
      'No file of the revision belongs to the release by this pattern, so the release would be incomplete.',
    fix: 'Correct the pattern, or commit the files.',
    example: 'artifacts: [services/app]       # services/app/**',
  },
  'artifacts.tooMany': {
    title: 'Too many artifacts',
    meaning: 'A release with that many files is slow to carry to every instance.',
    fix: 'Pack them into an archive, or narrow the patterns.',
    example: null,
  },
  'artifacts.unreleased': {
    title: 'Changed files that no release takes up',
    meaning:
      'Files of a release changed after it was released. Releases are pinned, so what runs stays as it is until a new release takes the files up.',
    fix: 'Run the heliostat release command of the message.',
    example: null,
  },
  'catalog.immutable': {
    title: 'Changed release',
    meaning:
      'A release that was part of an accepted revision is for ever: what runs, and every going back, rests on it.',
    fix: 'Restore the file, and put the change into a new release with heliostat release.',
    example: null,
  },
  'name.duplicate': {
    title: 'Described twice',
    meaning: 'Two files describe the same solution, or the same version of a component.',
    fix: 'Rename one of them, or remove it.',
    example: null,
  },
  'component.unknown': {
    title: 'Unknown component',
    meaning: 'An element is of a component that the catalog does not have.',
    fix: 'Correct the name, or add the component.',
    example: 'api: { component: appi, version: 1.0.0 }',
  },
  'component.version': {
    title: 'Unknown version',
    meaning: 'The catalog has the component, but not this version of it.',
    fix: 'Use a version that exists, or add it with heliostat release.',
    example: 'version: 1.4.1',
  },
  'configuration.unknown': {
    title: 'Unknown parameter',
    meaning: 'A value is set that no component here has as a parameter.',
    fix: 'Correct the name, or add it to the parameters in a new release.',
    example: 'configuration: { loglevel: warn }',
  },
  'configuration.missing': {
    title: 'Missing parameter',
    meaning: 'A parameter that the component requires is not set in any layer.',
    fix: 'Add it to the configuration of the element or solution.',
    example: null,
  },
  'configuration.value': {
    title: 'Value that does not fit',
    meaning: 'A value is not what the component’s parameters allow.',
    fix: 'Correct the value.',
    example: 'configuration: { replicas: many }',
  },
  'relationship.dependency': {
    title: 'Relationship without a dependency',
    meaning: 'A relationship fulfils a dependency that the component does not have.',
    fix: 'Use one of its dependencies, or remove the relationship.',
    example: 'relationships: { stroe: store }',
  },
  'relationship.missing': {
    title: 'Unfulfilled dependency',
    meaning: 'The component needs another one, and no relationship says which element that is.',
    fix: 'Add the relationship.',
    example: 'relationships: { store: store }',
  },
  'relationship.twice': {
    title: 'Dependency fulfilled twice',
    meaning: 'A dependency is fulfilled by exactly one relationship unless the component says many: true.',
    fix: 'Remove one of the relationships.',
    example: null,
  },
  'relationship.self': {
    title: 'Element that depends on itself',
    meaning: 'An element may depend on its own component in another element, never on itself.',
    fix: 'Name another element.',
    example: 'api: { relationships: { peer: api } }',
  },
  'relationship.element': {
    title: 'Unknown element',
    meaning: 'A relationship names an element that its solution does not have.',
    fix: 'Correct the name.',
    example: 'relationships: { store: stor }',
  },
  'relationship.solution': {
    title: 'Unknown solution',
    meaning:
      'A relationship names a solution that the domain does not have. Relationships never leave their domain; what lives outside is a component of provider external.',
    fix: 'Correct the name.',
    example: 'db: { element: main, solution: plattform }',
  },
  'relationship.component': {
    title: 'Element of another component',
    meaning: 'The element that a relationship names is not of the component that the dependency needs.',
    fix: 'Name an element of that component.',
    example: null,
  },
  'relationship.cycle': {
    title: 'Circle of dependencies',
    meaning: 'Elements depend on each other in a circle, so that none of them could ever be started first.',
    fix: 'Remove one of the relationships.',
    example: null,
  },
  'relationship.blocked': {
    title: 'Provider with errors',
    meaning: 'An element depends on a solution that has errors of its own, so nothing can be said of it.',
    fix: 'Mend that solution first.',
    example: null,
  },
  'dependency.unsatisfied': {
    title: 'No version in range',
    meaning:
      'A consumer needs a range of versions, and the revision asks for none of them. Applied, it would break the consumer.',
    fix: 'Set the provider to a version in the range, or the consumer to one that accepts the provider.',
    example: 'version: ">=2 <3"               # and the store is at 1.2.0',
  },
  'dependency.sizeZero': {
    title: 'Provider of size 0',
    meaning: 'Something runs that needs an element of which nothing is to run.',
    fix: 'Give the provider a size of 1 or more, or the consumer the size 0.',
    example: null,
  },
  'rollout.noRoom': {
    title: 'Rollout without room',
    meaning: 'With neither an instance more nor one fewer allowed, nothing can ever be replaced.',
    fix: 'Set maxSurge or maxUnavailable to 1 or more.',
    example: 'rollout: { maxSurge: 0, maxUnavailable: 0 }',
  },
  'rollout.deadlines': {
    title: 'Deadlines that contradict each other',
    meaning: 'A rollout would give up before a single instance could have used up its own time.',
    fix: 'Set progressDeadline above healthyDeadline.',
    example: 'rollout: { healthyDeadline: 10m, progressDeadline: 5m }',
  },
  'rollout.downtime': {
    title: 'Downtime that nobody agreed to',
    meaning:
      'A rollout would leave the element, or what its consumers are bound to, with nothing for a while.',
    fix: 'Set rollout.allowDowntime: true on the element and on the consumers that the message names, or keep an instance.',
    example: 'rollout: { strategy: recreate }',
  },
  'expose.port': {
    title: 'Port exposed twice',
    meaning: 'Two elements of a domain want the same port for the outside.',
    fix: 'Give one of them another port, or auto.',
    example: 'expose: { port: 8080 }',
  },
  'solution.tooLarge': {
    title: 'Solution too large',
    meaning: 'A solution file with that many elements is slow to read and hard to review.',
    fix: 'Split it, or raise limits.elementsPerSolution in heliostat.yaml.',
    example: null,
  },
  'secret.missing': {
    title: 'Unknown secret',
    meaning:
      'The controller has no such secret, or its source is empty. Found out now, and not in the middle of a rollout.',
    fix: 'Add it under secrets in the operator’s configuration.',
    example: '"${secrets.db-password}"',
  },
  'secret.forbidden': {
    title: 'Secret for others',
    meaning: 'The operator’s configuration does not give this secret to this element.',
    fix: 'Add the element to the "for" of the secret.',
    example: null,
  },
  'domain.nested': {
    title: 'Domain inside a domain',
    meaning: 'A heliostat.yaml lies below another one, so it would not be clear whose files are whose.',
    fix: 'Give each domain a folder beside the others, such as envs/prod and envs/staging.',
    example: null,
  },
  'domain.duplicate': {
    title: 'Domain described twice',
    meaning: 'Two heliostat.yaml of the repository have one name; status and history are kept by name.',
    fix: 'Rename one of them.',
    example: null,
  },
  'git.symlink': {
    title: 'Link among model files',
    meaning: 'Links are never followed: they could lead out of the repository.',
    fix: 'Commit the file itself.',
    example: null,
  },
  'git.submodule': {
    title: 'Submodule among model files',
    meaning: 'What a submodule holds is not in this repository, so it cannot be read by revision.',
    fix: 'Commit the files themselves.',
    example: null,
  },
  'git.entry': {
    title: 'Hostile tree entry',
    meaning:
      'A tree holds an entry that no checkout may contain, such as .git or "..". Git itself never makes one.',
    fix: 'Find out who pushed it, and remove it.',
    example: null,
  },
  'git.tooLarge': {
    title: 'Repository too large',
    meaning: 'The tree has more entries or folders than Heliostat reads.',
    fix: 'Keep the model in a repository of its own.',
    example: null,
  },
  'file.tooLarge': {
    title: 'Model file too large',
    meaning: 'A model file is larger than Heliostat reads.',
    fix: 'Split it into several files.',
    example: null,
  },
} satisfies CodeTable;
