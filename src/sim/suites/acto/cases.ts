import { equalData, isMap, type Json, type JsonMap } from '../../../core/base/data.js';
import type { KindName } from '../../../core/model/schemas.js';
import { apiFile, baseModel, domainFile, labFile, shopFile, withValue, type Model } from './base-model.js';
import { fieldsOf, kindNames, type Field } from './fields.js';
import { sites } from './sites.js';
import type { Site } from './site.js';
import { triesOf, type Expectation, type Try } from './tries.js';

/** One transition: from the base model to this one, and back. */
export interface Step {
  readonly label: string;
  readonly model: Model;
  /** `either`: it may be rejected, or applied. */
  readonly expect: Expectation | 'either';
  /** Another one from there, before going back. */
  readonly next?: Step;
}

/** All that is tried with one field, in one world. */
export interface Chain {
  readonly name: string;
  readonly field: string;
  readonly steps: readonly Step[];
}

/** The file in which a kind is tried. A pre-release may change, so that components are tried in place as well. */
const files: Readonly<Record<KindName, string>> = {
  Domain: domainFile,
  Component: labFile,
  Solution: shopFile,
};

/** What a file is: a new release of which makes no sense. */
const identity = new Set(['apiVersion', 'kind', 'name', 'version']);

/** Every field in every way in which its kind can change. */
export function chains(): Chain[] {
  return kindNames.flatMap((kind) =>
    fieldsOf(kind).flatMap((field) => {
      const site = sites[kind][field.path];
      return site === undefined ? [] : chainsOf(field, site);
    }),
  );
}

function chainsOf(field: Field, site: Site): Chain[] {
  const file = files[field.kind];
  const tries = allTries(field, site, file);
  const name = `${field.kind} ${field.path}`;
  const steps = tries
    .filter(({ label }) => !(site.onlyAnew ?? []).includes(label))
    .map((one) => ({
      label: one.label,
      model: edited(baseModel(), file, { field, site, one }),
      expect: one.expect,
    }));
  const inPlace: Chain = { name, field: name, steps };
  if (field.kind !== 'Component' || identity.has(field.path)) return [inPlace];
  const all: Chain[] = [
    inPlace,
    {
      name: `${name} in a new release`,
      field: name,
      steps: tries.map((one, n) => released({ field, site, one }, n)),
    },
    { name: `${name} of what is released`, field: name, steps: immutable(field, site, tries) },
  ];
  return all.filter((chain) => chain.steps.length > 0);
}

interface Edit {
  readonly field: Field;
  readonly site: Site;
  readonly one: Try;
}

function allTries(field: Field, site: Site, file: string): Try[] {
  const current = currentOf(field, site, file);
  const derived = triesOf(field, current).flatMap((one) => {
    const expect = site.but?.[one.label];
    return expect === null ? [] : [{ ...one, expect: expect ?? one.expect }];
  });
  // What stands there already is no transition.
  const isSame = ({ value }: Try): boolean =>
    value === undefined || current === undefined ? value === current : equalData(value, current);
  return [...derived, ...site.values].filter((one) => site.make !== undefined || !isSame(one));
}

/** What stands in the field now, if it is the field itself that is written. */
function currentOf(field: Field, site: Site, file: string): Json | undefined {
  let json: Json | undefined = baseModel().get(file);
  for (const key of pathOf(field, site))
    json = isMap(json) ? json[key] : Array.isArray(json) ? (json as Json[])[Number(key)] : undefined;
  return site.make === undefined ? json : undefined;
}

function pathOf(field: Field, site: Site): string[] {
  return (site.at ?? field.path.replaceAll('.', '/')).split('/');
}

function edited(model: Model, file: string, { field, site, one }: Edit): Model {
  const value = site.make === undefined ? one.value : site.make(one.value);
  return withValue(model, file, pathOf(field, site), value);
}

/** A release is for ever, so each try is another one, which the element then uses. */
function released(edit: Edit, number: number): Step {
  const version = `1.1.${number}`;
  const file = `catalog/api/${version}.yaml`;
  const base = baseModel();
  const copy: Model = new Map(base).set(file, { ...(base.get(apiFile) as JsonMap), version });
  const raised = withValue(copy, shopFile, ['elements', 'api', 'version'], version);
  return { label: edit.one.label, model: edited(raised, file, edit), expect: edit.one.expect };
}

/** What would do in a new release is turned away in one that is in use. */
function immutable(field: Field, site: Site, tries: readonly Try[]): Step[] {
  return tries
    .filter(({ expect }) => expect === 'applied' || expect === 'paused' || expect === 'held')
    .map((one) => ({
      label: one.label,
      model: edited(baseModel(), apiFile, { field, site, one }),
      expect: 'catalog.immutable',
    }));
}

/** Two fields of which each may change are changed one after the other, and taken back together. */
export function pairs(): Chain[] {
  const single = kindNames.flatMap((kind) => fieldsOf(kind).flatMap((field) => changeOf(field)));
  return single.flatMap((first, at) =>
    single.slice(at + 1).map((second): Chain => {
      const both: Model = second.edit(first.edit(baseModel()));
      const name = `${first.name}, then ${second.name}`;
      return {
        name,
        field: name,
        steps: [
          {
            label: first.name,
            model: first.edit(baseModel()),
            expect: 'applied',
            next: { label: second.name, model: both, expect: 'either' },
          },
        ],
      };
    }),
  );
}

interface Change {
  readonly name: string;
  edit(model: Model): Model;
}

/** The first that may be written there instead of what stands there. */
function changeOf(field: Field): Change[] {
  const site = sites[field.kind][field.path];
  if (site === undefined) return [];
  const file = files[field.kind];
  const tries = allTries(field, site, file).filter(({ expect }) => expect === 'applied');
  const one = tries.find(({ value }) => value !== undefined) ?? tries[0];
  if (one === undefined) return [];
  return [
    {
      name: `${field.kind} ${field.path} ${one.label}`,
      edit: (model) => edited(model, file, { field, site, one }),
    },
  ];
}
