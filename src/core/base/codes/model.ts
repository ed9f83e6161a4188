import type { CodeTable } from './describe.js';

/** Documents together: catalog, solutions, relationships, references. */
export const modelCodes = {
  'domain.nested': {
    title: 'One domain inside another',
    meaning:
      'Each file belongs to one domain: the nearest heliostat.yaml above it. With one domain inside another that could not be told.',
    fix: 'Move one of them into a folder of its own, such as envs/prod.',
    example: null,
  },
  'domain.renamed': {
    title: 'A running domain was given another name',
    meaning:
      'The name of a domain is part of the identity of everything that it runs. Under another name nothing of that would be known any more, and all of it would be made a second time.',
    fix: 'Write the former name. To begin another domain, write another heliostat.yaml in a folder of its own.',
    example: 'name: prod',
  },
  'domain.duplicate': {
    title: 'Two domains of one name',
    meaning: 'The name of a domain is unique in a repository: it names its folder on the status branch.',
    fix: 'Give one of them another name.',
    example: null,
  },
  'name.duplicate': {
    title: 'Described twice',
    meaning:
      'Two files describe the same solution, or the same version of a component; which one is meant cannot be known.',
    fix: 'Remove one of them, or give it another name or version.',
    example: null,
  },
  'component.unknown': {
    title: 'No such component',
    meaning: 'An element is of a component that is not in the catalog.',
    fix: 'Correct the name, or add the component to the catalog.',
    example: 'api: { component: apo, version: 1.0.0 }',
  },
  'component.version': {
    title: 'No such version',
    meaning: 'The catalog has the component, and not this version of it.',
    fix: 'Use a version that is there, or add a file for it to the catalog.',
    example: 'api: { component: api, version: 9.9.9 }',
  },
  'catalog.immutable': {
    title: 'A release was changed',
    meaning:
      'A release is for ever: what runs as 1.4.0 today must be what ran as 1.4.0 yesterday, or no rollback could be trusted. Only pre-releases may change.',
    fix: 'Restore the file, and put the change into a new release: a copy of the file under the next version.',
    example: 'cp catalog/api/1.4.0.yaml catalog/api/1.4.1.yaml, and version: 1.4.1 in it',
  },
  'artifacts.unreleased': {
    title: 'Changed files that no release takes up',
    meaning:
      'Artifacts are pinned when a release is first accepted. Files among them changed since, and no newer release contains the change, so nothing of it runs.',
    fix: 'Make a release of it: a copy of the file under the next version, and use that.',
    example: 'cp catalog/api/1.4.0.yaml catalog/api/1.4.1.yaml, and version: 1.4.1 in it',
  },
  'artifacts.pattern': {
    title: 'Not a pattern of paths',
    meaning:
      'Patterns are paths from the root of the repository; * stands for anything within one name, ** for any folders.',
    fix: 'Correct the pattern.',
    example: 'artifacts: ["src/{a,b}"]',
  },
  'artifacts.empty': {
    title: 'Pattern without files',
    meaning: 'No file of the revision matches the pattern, so the release would lack what it needs.',
    fix: 'Correct the pattern, or commit the files that it is for.',
    example: 'artifacts: [servces/api/**]',
  },
  'artifacts.tooMany': {
    title: 'Too many artifacts',
    meaning: 'A release pins each of its files; more than the limit are refused.',
    fix: 'Pack them into an archive, or narrow the patterns.',
    example: 'artifacts: ["**"]',
  },
  'parameters.schema': {
    title: 'Schema of parameters not understood',
    meaning:
      'Parameters are described by a documented subset of JSON Schema, which is interpreted and never compiled. References to other places and patterns are not part of it.',
    fix: 'Use the keywords that the message names.',
    example: 'parameters: { type: object, properties: { a: { pattern: "^(a+)+$" } } }',
  },
  'parameters.default': {
    title: 'Default that does not fit',
    meaning: 'The default of a parameter does not fit the schema of that parameter.',
    fix: 'Correct the default or the schema.',
    example: 'logLevel: { enum: [info, warn], default: debug }',
  },
  'configuration.unknown': {
    title: 'Not a parameter',
    meaning: 'A solution may set the parameters of a component, and nothing else of it.',
    fix: 'Use a parameter that the component has, or add one in a new release.',
    example: 'configuration: { logLevl: warn }',
  },
  'configuration.missing': {
    title: 'Parameter without a value',
    meaning: 'The component requires a parameter that no layer of configuration sets.',
    fix: 'Set it in the element or in the solution.',
    example: null,
  },
  'configuration.value': {
    title: 'Value that does not fit',
    meaning: 'The value of a parameter does not fit the schema that the component gives for it.',
    fix: 'Write a value that fits.',
    example: 'configuration: { logLevel: loud }',
  },
  'provider.unknown': {
    title: 'No such provider',
    meaning: 'The component names a provider that does not exist or that the operator has not allowed here.',
    fix: 'Use one that is allowed; `heliostat provider list` shows them.',
    example: 'provider: proces',
  },
  'provider.configuration': {
    title: 'Configuration that the provider refuses',
    meaning: 'Each provider says what configuration it takes; this does not fit.',
    fix: 'Correct the configuration of the component; the message says where.',
    example: null,
  },
  'template.syntax': {
    title: 'Reference that cannot be read',
    meaning: 'Between ${ and } stands one reference. There is no logic in it.',
    fix: 'Correct it, or write $${ for a literal.',
    example: 'PORT: "${instance.port"',
  },
  'template.unknown': {
    title: 'Reference to nothing',
    meaning: 'The reference names a value that does not exist at this place.',
    fix: 'Use one of those that the message names.',
    example: 'PORT: "${instance.prot}"',
  },
  'template.loop': {
    title: 'References in a circle',
    meaning: 'Values refer to each other in a circle, so none of them has a value.',
    fix: 'Write one of them out.',
    example: null,
  },
  'template.type': {
    title: 'Map or list inside a text',
    meaning:
      'A reference to a map or a list can be a value by itself, and cannot stand in the middle of a text.',
    fix: 'Refer to a single value, or let the reference stand alone.',
    example: 'url: "http://${configuration.servers}/"',
  },
  'template.tooLarge': {
    title: 'References stand for too much',
    meaning: 'What the references of a configuration stand for is larger than 64 kB.',
    fix: 'Refer to less, or keep large data among the artifacts.',
    example: null,
  },
  'template.endpoint': {
    title: 'No such endpoint',
    meaning:
      'The reference asks for an endpoint, or a part of one, that the provider of the relationship does not have.',
    fix: 'Use a part that is there, or add it in a new release of that component.',
    example: 'STORE: "${relationships.store.endpoint.ulr}"',
  },
  'template.secret': {
    title: 'Secret where all would see it',
    meaning:
      'Endpoints are shown in status and handed to consumers, and arguments of processes to every user of the machine, so no secret may stand in them.',
    fix: 'Give the secret to the consumer in its own configuration, and to a process in env.',
    example: 'endpoint: { url: "db://${secrets.password}@…" }',
  },
  'secret.missing': {
    title: 'No such secret',
    meaning:
      'The configuration refers to a secret that the controller does not have, or whose source is empty. Found at the plan, so that no rollout fails of it.',
    fix: "Add it under secrets in the operator's configuration.",
    example: 'PASSWORD: "${secrets.db-password}"',
  },
  'secret.forbidden': {
    title: 'Secret for others',
    meaning: "The operator's configuration says who may use a secret, and this element may not.",
    fix: 'Add the element to "for" of the secret.',
    example: 'secrets: { db-password: { from: env:DB_PASSWORD, for: ["prod/shop/*"] } }',
  },
  'relationship.missing': {
    title: 'Dependency without a relationship',
    meaning: 'The component needs another one, and the element does not say which element that is.',
    fix: 'Add the relationship that the message shows.',
    example: 'relationships: { store: store }',
  },
  'relationship.twice': {
    title: 'Dependency fulfilled twice',
    meaning: 'A dependency is fulfilled by exactly one relationship, unless the component says many: true.',
    fix: 'Remove one of them.',
    example: null,
  },
  'relationship.dependency': {
    title: 'No such dependency',
    meaning: 'The relationship fulfils a dependency that the component does not have.',
    fix: 'Use one that the component has, or remove the relationship.',
    example: 'relationships: { stor: store }',
  },
  'relationship.element': {
    title: 'No such element',
    meaning: 'The relationship names an element that does not exist.',
    fix: 'Name an element of the component that is needed.',
    example: 'relationships: { store: sture }',
  },
  'relationship.solution': {
    title: 'No such solution',
    meaning:
      'The relationship names a solution that is not in this domain. Relationships never leave their domain.',
    fix: 'Name a solution of this domain; for what lives outside use provider: external.',
    example: null,
  },
  'relationship.component': {
    title: 'Element of another component',
    meaning: 'The dependency needs one component, and the element is of another.',
    fix: 'Name an element of the component that is needed.',
    example: null,
  },
  'relationship.self': {
    title: 'Element that depends on itself',
    meaning: 'An element cannot depend on itself. It may depend on another element of its own component.',
    fix: 'Name another element.',
    example: 'api: { relationships: { api: api } }',
  },
  'relationship.cycle': {
    title: 'Elements that depend on each other in a circle',
    meaning: 'Each of them would wait for the next one to start, so none ever would.',
    fix: 'Remove one of the relationships that the message names.',
    example: null,
  },
  'relationship.blocked': {
    title: 'The other solution has mistakes',
    meaning: 'The relationship leads to a solution that cannot be read, so it cannot be checked.',
    fix: 'Mend that solution.',
    example: null,
  },
  'dependency.unsatisfied': {
    title: 'Version out of range',
    meaning:
      'No active version of the provider is in the range that the consumer needs: the consumer would break.',
    fix: 'Raise or lower one of the two, as the message proposes.',
    example: 'dependencies: { store: { type: service, component: store, version: "^2" } }',
  },
  'dependency.sizeZero': {
    title: 'Provider of size 0',
    meaning: 'A consumer that runs needs a provider that runs.',
    fix: 'Give the provider a size of 1 or more, or the consumer the size 0.',
    example: 'store: { component: store, version: 1.0.0, size: 0 }',
  },
  'rollout.noRoom': {
    title: 'Neither more nor fewer',
    meaning:
      'With maxSurge 0 and maxUnavailable 0 no instance may be added and none may be taken away, so the element could never change.',
    fix: 'Set maxSurge or maxUnavailable to 1 or more.',
    example: 'rollout: { maxSurge: 0, maxUnavailable: 0 }',
  },
  'rollout.deadlines': {
    title: 'Deadlines that exclude each other',
    meaning:
      'progressDeadline is reset by each instance that becomes healthy, so it must be longer than one may take: healthyDeadline.',
    fix: 'Raise progressDeadline, or lower healthyDeadline.',
    example: 'rollout: { healthyDeadline: 10m, progressDeadline: 5m }',
  },
  'rollout.noTime': {
    title: 'No time at all',
    meaning:
      'Nothing becomes healthy, and no rollout gets on, within no time: with healthyDeadline 0s or progressDeadline 0s every rollout would fail as soon as it began.',
    fix: 'Give it the time that a healthy start takes, or leave it out for the default.',
    example: 'rollout: { healthyDeadline: 0s }',
  },
  'rollout.slowHealth': {
    title: 'Health check that is slower than its deadline',
    meaning:
      'An instance is healthy after healthyAfter good answers, one in each interval. Together they take as long as healthyDeadline gives it, or longer, so no instance could ever become healthy in time.',
    fix: 'Raise rollout.healthyDeadline of the element, or release the component with a shorter interval or fewer answers.',
    example: 'rollout: { healthyDeadline: 20s } # health: { interval: 10s, healthyAfter: 2 }',
  },
  'rollout.unused': {
    title: 'Part of another strategy',
    meaning:
      'Steps belong to strategy canary, and promotion to canary and blueGreen. With another strategy they would silently do nothing.',
    fix: 'Set the strategy that they are for, or remove them.',
    example: 'rollout: { strategy: rolling, canary: { steps: [{ size: 1 }] } }',
  },
  'rollout.downtime': {
    title: 'Nothing would run for a while',
    meaning:
      'The change leaves an element, or a consumer of it, without a single healthy instance. That must be allowed by all whom it concerns.',
    fix: 'Set rollout.allowDowntime: true on the elements that the message names, or use strategy: rolling.',
    example: 'rollout: { strategy: recreate }',
  },
  'expose.port': {
    title: 'Two elements on one port',
    meaning: 'A port of this machine can be exposed by one element only.',
    fix: 'Give one of them another port, or auto.',
    example: 'expose: { port: 8080 }',
  },
  'solution.tooLarge': {
    title: 'Too many elements in a solution',
    meaning:
      'A solution file holds at most 500 elements, unless limits.elementsPerSolution of the domain says otherwise.',
    fix: 'Split the solution, or raise the limit in heliostat.yaml.',
    example: 'limits: { elementsPerSolution: 1000 }',
  },
  'plan.noPath': {
    title: 'No way from what runs now',
    meaning:
      'The commit is valid, but from what runs at the moment no sequence of steps leads to it in which every consumer keeps what it needs.',
    fix: 'Commit a state in between, or release the hold by the command that it names.',
    example: null,
  },
  'plan.irreversible': {
    title: 'The commit leads down from a version that cannot be undone',
    meaning:
      'An instance of a version that says revertible: false was started, and may have changed data in a way that a lower version cannot read. Whether one goes down all the same is for a person to say, once for each such commit.',
    fix: 'Commit a higher version, or run the command that the hold names.',
    example: 'heliostat approve plan.irreversible --domain prod --reason TEXT',
  },
  'rollout.irreversible': {
    title: 'The way back waits for a person',
    meaning:
      'A rollout failed, and going back would lead below a version that says revertible: false and of which an instance was started. Nothing goes back by itself: what runs is kept up.',
    fix: 'Commit a version that is higher and works, let it go back by the command that the hold names, or have it tried on with heliostat resume.',
    example: 'heliostat approve rollout.irreversible.shop --domain prod --reason TEXT',
  },
  'plan.everythingRemoved': {
    title: 'The commit removes everything',
    meaning:
      'All solutions of a domain are gone from the model. That is nearly always a mistake, such as a moved folder, so it waits for a person.',
    fix: 'Restore the files, or run the command that the hold names. To take everything down on purpose use `heliostat down`.',
    example: 'heliostat down --domain prod',
  },
} as const satisfies CodeTable;
