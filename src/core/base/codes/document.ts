import type { CodeTable } from './describe.js';

/** One document by itself: its kind, its keys, its values. */
export const documentCodes = {
  'kind.empty': {
    title: 'File without keys',
    meaning: 'The file is empty, or holds a list or a text instead of a map.',
    fix: 'Begin with apiVersion, kind and name, or remove the file.',
    example: null,
  },
  'kind.unknown': {
    title: 'Unknown kind',
    meaning: 'The kind says what a file describes: Domain, Component or Solution.',
    fix: 'Write one of them.',
    example: 'kind: solution      # write Solution',
  },
  'kind.apiVersion': {
    title: 'Other version of the format',
    meaning: 'Files say which version of the format they are written in. This release reads heliostat/v1.',
    fix: 'Write apiVersion: heliostat/v1, or install the release that reads the other version.',
    example: 'apiVersion: heliostat/v2',
  },
  'feature.unavailable': {
    title: 'Not in this release yet',
    meaning:
      'The format describes it, this release cannot do it. It is refused, since ignoring it would break a promise.',
    fix: 'Do what the message proposes instead.',
    example: 'upgrade: inPlace',
  },
  'file.place': {
    title: 'File in an unexpected place',
    meaning: 'What stands in a file decides; its path is a convention, by which people find it.',
    fix: 'Move it to the path that the message names.',
    example: null,
  },
  'schema.unknownKey': {
    title: 'Unknown key',
    meaning: 'The key means nothing here. It is refused, since a misspelt key would silently do nothing.',
    fix: 'Write the key that is proposed, or remove it.',
    example: 'verison: 1.4.0',
  },
  'schema.missing': {
    title: 'Missing key',
    meaning: 'The map needs a key that is not there.',
    fix: 'Add it.',
    example: 'api: { version: 1.4.0 }      # component is missing',
  },
  'schema.type': {
    title: 'Value of another type',
    meaning: 'A text, number, list or map stands where another is needed; an empty value is none of them.',
    fix: 'Write a value of the type that the message names.',
    example: 'elements:      # nothing below: write {}',
  },
  'schema.choice': {
    title: 'Not among the choices',
    meaning: 'The key takes one of a few words, and this is none of them.',
    fix: 'Write one of those that the message names.',
    example: 'repair: automatic',
  },
  'schema.value': {
    title: 'Value out of bounds',
    meaning:
      'The value has the right type and cannot be used: too small, too large, too long or of another form.',
    fix: 'See the description of the key in its schema.',
    example: null,
  },
  'name.invalid': {
    title: 'Not a name',
    meaning:
      'Names stand in host names, paths and branches, so they are lower-case letters, digits and hyphens, at most 63. Names of dependencies and relationships may have capitals.',
    fix: 'Rename it.',
    example: 'name: My_Shop      # write my-shop',
  },
  'model.badName': {
    title: 'Not a name for a new model',
    meaning: 'The name given on the command line would stand in host names, paths and branches.',
    fix: 'Use lower-case letters, digits and hyphens, at most 63.',
    example: 'heliostat init My_Shop',
  },
  'version.prefix': {
    title: 'Version with a leading v',
    meaning: 'Versions are semver without a leading v.',
    fix: 'Remove the v.',
    example: 'version: v1.4.0',
  },
  'version.number': {
    title: 'Version that YAML reads as a number',
    meaning: 'Unquoted, 1.10 is the number 1.1 to YAML.',
    fix: 'Write all three parts of a version, and a range in quotes.',
    example: 'version: 1.10      # write 1.10.0',
  },
  'version.invalid': {
    title: 'Not a version',
    meaning: 'A version is three numbers with dots, perhaps a pre-release after a hyphen: see semver.org.',
    fix: 'Write one such as 1.4.0 or 1.5.0-dev.1.',
    example: 'version: latest',
  },
  'version.range': {
    title: 'Not a range of versions',
    meaning: 'A range says which versions will do.',
    fix: 'Write a semver range, such as ">=1.2 <3" or "^1.4.0".',
    example: 'version: ">>1"',
  },
  'value.duration': {
    title: 'Not a length of time',
    meaning: 'Times are numbers with a unit: ms, s, m, h, also several of them; at most 30 days.',
    fix: 'Write one such as 250ms, 10s, 5m, 1h or 1h30m.',
    example: 'minHealthyTime: 10      # seconds? write 10s',
  },
  'value.amount': {
    title: 'Neither a number nor a percentage',
    meaning: 'How many instances: a whole number, or a share from 0% to 100%.',
    fix: 'Write one such as 1 or 25%.',
    example: 'maxSurge: "1"      # without quotes',
  },
  'value.number': {
    title: 'Number out of bounds',
    meaning: 'The key takes a whole number between two bounds.',
    fix: 'Write a number between those that the message names, without quotes.',
    example: 'size: -1',
  },
  'element.form': {
    title: 'Neither the short form nor the long one',
    meaning: 'An element says version and size, or clusters: never both, never neither.',
    fix: 'Keep one of the two.',
    example: 'api: { component: api, version: 1.0.0, clusters: { 1.0.0: {} } }',
  },
  'health.probe': {
    title: 'Not exactly one way to ask for health',
    meaning: 'health holds exactly one of http, tcp and command.',
    fix: 'Keep one of them.',
    example: 'health: { interval: 1s }',
  },
  'artifacts.path': {
    title: 'Not a path inside the repository',
    meaning: 'Artifacts are files of the same repository, by path from its root.',
    fix: 'Write a path with single slashes, without ".." and without a slash at the beginning.',
    example: 'artifacts: [../other/**]',
  },
  'domain.requires': {
    title: 'Another version of Heliostat is needed',
    meaning: 'The domain says which versions of Heliostat may run it, and this one is not among them.',
    fix: 'Install a version in that range, or widen the range.',
    example: 'requires: ">=1.2 <2"',
  },
} as const satisfies CodeTable;
