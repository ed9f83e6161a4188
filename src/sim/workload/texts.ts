import type { Element, Model, Release } from './model.js';
import { needsOf, releaseOf } from './model.js';
import { policyWords } from './strategies.js';

const head = (kind: string, name: string): string =>
  `apiVersion: heliostat/v1\nkind: ${kind}\nname: ${name}\n`;

/** The files of a model, as people write them. */
export function textsOf(model: Model): Map<string, string> {
  const files = new Map<string, string>();
  files.set('heliostat.yaml', domainText(model));
  for (const release of model.releases.values())
    files.set(`catalog/${release.component.name}/${release.version}.yaml`, releaseText(release));
  const solutions = new Map<string, string[]>();
  for (const element of [...model.elements.values()].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const lines = solutions.get(element.solution) ?? [];
    lines.push(...elementLines(model, element));
    solutions.set(element.solution, lines);
  }
  for (const [name, lines] of solutions)
    files.set(`solutions/${name}.yaml`, `${head('Solution', name)}elements:\n${lines.join('\n')}\n`);
  return files;
}

function domainText({ domain, remark }: Model): string {
  const { rollout, repair, repairInterval, allowDowntime } = domain;
  const words = [...rollout, `allowDowntime: ${allowDowntime}`];
  const lines = [
    `# ${remark}`,
    'defaults:',
    `  rollout: { ${words.join(', ')} }`,
    `  repair: ${repair}`,
    ...(repairInterval === null ? [] : [`  repairInterval: ${repairInterval}`]),
  ];
  return `${head('Domain', 'prod')}${lines.join('\n')}\n`;
}

export function releaseText({ component, version, needs, build }: Release): string {
  const references = needs
    .filter(({ type }) => type === 'service')
    .map(({ component: name }) => `"\${relationships.${name}.endpoint.url}"`);
  const configuration = [
    '  setting: "${configuration.setting}"',
    '  mode: "${configuration.mode}"',
    `  build: ${build}`,
    ...(references.length === 0 ? [] : [`  url: [${references.join(', ')}]`]),
    ...(component.provider === 'rules' ? [] : ['  port: "${instance.port}"']),
    ...(component.usesSecret ? ['  password: "${secrets.password}"'] : []),
  ];
  const dependencies = needs.map(
    ({ component: name, type, range, optional }) =>
      `  ${name}: { type: ${type}, component: ${name}, version: "${range}"${optional ? ', optional: true' : ''} }`,
  );
  const url = component.isReached
    ? 'http://${instance.address}:${instance.port}'
    : `made-of-${component.name}`;
  return [
    `${head('Component', component.name)}version: ${version}`,
    `provider: ${component.provider}`,
    'parameters: { type: object, properties: { setting: { type: integer, default: 0 }, mode: { type: integer, default: 0 } } }',
    'configuration:',
    ...configuration,
    ...(dependencies.length === 0 ? [] : ['dependencies:', ...dependencies]),
    `endpoint: { url: "${url}" }`,
    ...(component.probe === null ? [] : [component.probe]),
    ...(component.limits === '' ? [] : [component.limits]),
    '',
  ].join('\n');
}

function elementLines(model: Model, element: Element): string[] {
  const { name, component, version, size, setting, mode, policy, repair, expose } = element;
  const given = [...(setting === 0 ? [] : [`setting: ${setting}`]), ...(mode === 0 ? [] : [`mode: ${mode}`])];
  const relationships = relationshipsOf(model, element);
  return [
    `  ${name}:`,
    `    component: ${component}`,
    `    version: ${version}`,
    `    size: ${size}`,
    ...(given.length === 0 ? [] : [`    configuration: { ${given.join(', ')} }`]),
    ...(relationships.length === 0 ? [] : [`    relationships: { ${relationships.join(', ')} }`]),
    ...(policy === null ? [] : [`    rollout: { ${policyWords(policy).join(', ')} }`]),
    ...(repair === null ? [] : [`    repair: ${repair}`]),
    ...(expose === null ? [] : [`    expose: { port: ${expose} }`]),
  ];
}

function relationshipsOf(model: Model, element: Element): string[] {
  return needsOf(model, element).flatMap(({ component }) => {
    const [solution = '', name = ''] = (element.bindings[component] ?? '').split('/');
    if (name === '') return [];
    return solution === element.solution
      ? [`${component}: ${name}`]
      : [`${component}: { element: ${name}, solution: ${solution} }`];
  });
}

export function hasRelease(model: Model, element: Element): boolean {
  return releaseOf(model, element) !== undefined;
}
