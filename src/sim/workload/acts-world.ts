import type { Digest } from '../../core/base/digest.js';
import type { Random } from '../random.js';
import type { Stage } from '../stage.js';
import type { Resource } from '../technology.js';
import type { ActKind } from './script.js';

/** People and accidents change what runs, behind the back of whoever manages it. */
export function touchWorld(stage: Stage, kind: ActKind, random: Random): void {
  const { world } = stage;
  if (kind === 'world.spoilRelease') return spoilRelease(stage, random);
  if (kind === 'world.mendRelease') return mendRelease(stage, random);
  const candidates = [...world.technology.resources.values()].filter((resource) => canBe(kind, resource));
  if (candidates.length === 0) return;
  const resource = random.pick(candidates);
  world.technology.remember(resource.id, world.now);
  change(stage, kind, resource);
  world.change(`${kind} ${resource.id}`);
  world.tellOf(resource.id, resource.provider);
}

function canBe(kind: ActKind, resource: Resource): boolean {
  switch (kind) {
    case 'world.stop':
    case 'world.fail':
      return resource.state === 'active';
    case 'world.sicken':
      return resource.state === 'active' && !resource.sick;
    case 'world.heal':
      return resource.sick;
    default:
      return true;
  }
}

function change(stage: Stage, kind: ActKind, resource: Resource): void {
  const { faults, technology } = stage.world;
  switch (kind) {
    case 'world.stop':
      resource.state = 'inactive';
      return faults.count('world.edit');
    case 'world.fail':
      resource.state = 'failure';
      return faults.count('world.edit');
    case 'world.edit':
      resource.digest = '1:edited' as Digest;
      return faults.count('world.edit');
    case 'world.delete':
      technology.resources.delete(resource.id);
      return faults.count('world.deletion');
    case 'world.sicken':
      resource.sick = true;
      return faults.count('world.flapping');
    case 'world.heal':
      resource.sick = false;
      return;
    default:
  }
}

/** A version of an element never turns healthy from now on: one that runs, or one that may come. */
function spoilRelease(stage: Stage, random: Random): void {
  const elements = [...stage.author.model.elements.values()];
  if (elements.length === 0) return;
  const { solution, name, component, version } = random.pick(elements);
  const versions = [...stage.author.model.releases.values()]
    .filter((release) => release.component.name === component)
    .map((release) => release.version);
  const bad = random.chance(0.4) ? version : random.pick(versions);
  stage.world.technology.badReleases.add(`${solution}/${name}/${bad}`);
  tellAll(stage, `spoiled ${solution}/${name}/${bad}`);
}

function mendRelease(stage: Stage, random: Random): void {
  const { badReleases } = stage.world.technology;
  if (badReleases.size === 0) return;
  const good = random.pick([...badReleases]);
  badReleases.delete(good);
  tellAll(stage, `mended ${good}`);
}

function tellAll({ world }: Stage, line: string): void {
  world.change(line);
  for (const { id, provider } of world.technology.resources.values()) world.tellOf(id, provider);
}
