import type { ComponentName, ElementKey, SolutionName } from '../../../../../src/core/base/names.js';
import type { Version } from '../../../../../src/core/base/version.js';
import { commentLimit, emptyComment } from '../../../../../src/core/status/comment/document.js';
import { withLacks } from '../../../../../src/core/status/comment/lacks.js';
import { withPlan } from '../../../../../src/core/status/comment/plan-update.js';
import { readComment } from '../../../../../src/core/status/comment/read.js';
import type { PlannedReport } from '../../../../../src/core/status/comment/types.js';
import { writeComment } from '../../../../../src/core/status/comment/write.js';
import { api, count, step } from '../../../../support/canary.js';
import {
  atMs,
  base,
  change,
  create,
  diagnostic,
  foreseen,
  head,
  head2,
  minute,
  plan,
  planned,
  prod,
  retire,
  shape,
  staging,
  update,
  web,
} from './reports.js';

export interface Situation {
  /** File of the Markdown. */
  readonly name: string;
  readonly why: string;
  readonly body: () => string;
}

/** One writer after the other, each with what it reads in the comment. */
export function planning(...reports: readonly PlannedReport[]): string {
  let body = writeComment(emptyComment(), commentLimit);
  for (const report of reports)
    body = writeComment(withPlan(readComment(body) ?? emptyComment(), report), commentLimit);
  return body;
}

export const upgrade = () =>
  foreseen(
    [
      { name: 'api', size: 2 },
      { name: 'web', size: 2, needs: [{ element: 'api', range: '>=1 <2' }] },
    ],
    [
      { name: 'api', version: '2.0.0', size: 2 },
      { name: 'web', version: '2.0.0', size: 2, needs: [{ element: 'api', range: '>=1 <3' }] },
      { name: 'cache', version: '1.0.0', size: 1 },
    ],
  );

function firstPlan(parts: Partial<PlannedReport> = {}): PlannedReport {
  const { plan: made, preview } = upgrade();
  return planned(made, { preview, ...parts });
}

const scaleDown = change('shop/cache', 'scale', {
  before: shape('cache', '2.0.0', 3),
  after: shape('cache', '2.0.0', 1),
  reason: 'size 3 → 1',
  destroysData: true,
});

export const manyChanges = () =>
  Array.from({ length: 5_000 }, (_, i) => {
    const name = `s${String(i % 250).padStart(3, '0')}/e${String(i).padStart(4, '0')}`;
    if (i % 100 === 99) return retire(name, '1.0.0', 3);
    return i % 3 === 0
      ? create(name)
      : update(name, '1.4.0', '1.5.0', [{ path: 'env.LOG', before: 'info', after: `debug-${i}` }]);
  }).sort((a, b) => (a.element < b.element ? -1 : 1));

export const lacking = [
  {
    message: 'GitHub Actions is not permitted to open pull requests in this repository',
    fix: 'Switch on Settings → Actions → General → Workflow permissions → "Allow GitHub Actions to create and approve pull requests", or use a token or an App of your own',
  },
];

export const plannedSituations: readonly Situation[] = [
  {
    name: 'lacks',
    why: 'what the credentials will be refused is said before the first failure, with what mends it',
    body: () => {
      const document = withPlan(emptyComment(), firstPlan());
      const [domain = prod] = document.sections.keys();
      return writeComment(withLacks(document, domain, lacking), commentLimit);
    },
  },
  {
    name: 'first-plan',
    why: 'the rollup stands first, then what changes, and how it will go',
    body: () => planning(firstPlan()),
  },
  {
    name: 'two-domains',
    why: 'each run of a domain edits its own section of the same comment, whichever comes first',
    body: () =>
      planning(
        planned(plan([update('shop/api', '1.4.0', '1.5.0')], { domain: staging }), {
          folder: 'envs/staging',
        }),
        planned(plan([update('shop/api', '1.4.0', '1.5.0'), create('shop/mail')])),
      ),
  },
  {
    name: 'nothing-to-do',
    why: 'a change of comments in a model asks for nothing, and that is said in one line',
    body: () => planning(planned(plan([]))),
  },
  {
    name: 'rejected',
    why: 'every mistake is told with its line and how to mend it, errors before warnings',
    body: () =>
      planning(
        planned(null, {
          diagnostics: [
            diagnostic({ code: 'schema.unknownKey' }),
            diagnostic({
              code: 'component.version',
              file: 'solutions/front.yaml',
              line: 4,
              message: 'component web has no version 2.1.0; there are 2.0.0 and 1.9.0',
              fix: 'Write 2.0.0, or release 2.1.0 in catalog/web.',
            }),
            diagnostic({
              code: 'rollout.unused',
              severity: 'warning',
              file: 'heliostat.yaml',
              line: 3,
              message: 'steps do nothing with strategy rolling',
              fix: 'Write strategy: canary.',
            }),
            diagnostic({
              code: 'dependency.unsatisfied',
              file: 'catalog/web/2.0.0.yaml',
              line: 18,
              message: 'web 2.0.0 needs api >=2 <3, and shop/api is 1.4.0',
              fix: 'Raise shop/api to 2.0.0 in the same commit.',
            }),
          ],
        }),
      ),
  },
  {
    name: 'destroys',
    why: 'what goes for good is loud, counted exactly and in no fold',
    body: () =>
      planning(
        planned(plan([retire('front/old', '0.9.0'), scaleDown, update('shop/api', '1.4.0', '1.5.0')])),
      ),
  },
  {
    name: 'held',
    why: 'it says what it waits for, who releases it, and by which command',
    body: () =>
      planning(
        planned(
          plan([update('shop/api', '1.4.0', '2.0.0'), update('shop/web', '1.4.0', '2.0.0')], {
            holds: [
              {
                id: 'plan.noPath',
                code: 'plan.noPath',
                reason: 'from what runs now no sequence of steps keeps web 1.4.0 served',
                releasedBy: 'a commit that leaves a way, or an operator',
                command: 'heliostat approve plan.noPath --domain prod --reason TEXT',
              },
            ],
          }),
        ),
      ),
  },
  {
    name: 'kept-out',
    why: 'what failed before stays out, with the pull request where that is told',
    body: () =>
      planning(
        planned(
          plan([update('shop/web', '1.0.0', '1.1.0')], {
            staying: [
              {
                element: 'shop/api' as ElementKey,
                version: '1.4.0' as Version,
                at: ['1.3.0' as Version],
                failed: [{ element: 'shop/api' as ElementKey, version: '1.4.0' as Version }],
                revision: base,
                reason: 'api 1.4.0 #0: health check answered 503, 3 times in a row',
              },
            ],
          }),
          { failures: [{ revision: base, name: '#124', url: `${web}/pull/124` }] },
        ),
      ),
  },
  {
    name: 'drift',
    why: 'drift is no part of the plan, and has a section of its own',
    body: () =>
      planning(
        planned(plan([update('shop/api', '1.4.0', '1.5.0')]), {
          drift: [
            {
              element: 'shop/cache' as ElementKey,
              reason: '1 of 3 instances is gone',
              sinceMs: atMs - 3 * minute,
              repair: 'auto',
              command: null,
            },
            {
              element: 'front/web' as ElementKey,
              reason: 'env.LOG was changed by hand from "info" to "trace"',
              sinceMs: atMs - 26 * 60 * minute,
              repair: 'hold',
              command: 'heliostat retry prod/front/web --reason TEXT',
            },
          ],
        }),
      ),
  },
  {
    name: 'second-push',
    why: 'a plan of a former commit is never taken for this one',
    body: () =>
      planning(
        planned(plan([update('shop/api', '1.4.0', '1.5.0')])),
        planned(plan([update('shop/api', '1.4.0', '1.6.0')], { revision: head2 }), {
          head: head2,
          atMs: atMs + 9 * minute,
        }),
      ),
  },
  {
    name: 'catalog',
    why: 'a change of the catalog names every solution that it touches',
    body: () => {
      const names = Array.from({ length: 12 }, (_, i) => `shop-${String(i + 1).padStart(2, '0')}`);
      return planning(
        planned(plan(names.map((name) => update(`${name}/api`, '1.4.0', '1.4.1'))), {
          catalog: [
            {
              component: 'api' as ComponentName,
              version: '1.4.1' as Version,
              change: 'added',
              file: 'catalog/api/1.4.1.yaml',
              solutions: names as SolutionName[],
            },
          ],
        }),
      );
    },
  },
  {
    name: 'release-difference',
    why: 'where a version is raised, what differs in effect is told once for all who take it',
    body: () => {
      const values = [
        { path: 'env.LOG', before: 'info', after: 'debug' },
        { path: 'env.POOL', before: undefined, after: 20 },
        { path: 'env.OLD_MODE', before: true, after: undefined },
        { path: 'files.nginx.conf', before: 'a\nworkers 2;\nb', after: 'a\nworkers 4;\nkeepalive 10;\nb' },
        {
          path: 'command',
          before: ['api', '--listen', '0.0.0.0:8080'],
          after: ['api', '--listen', '0.0.0.0:8080', '--metrics', '0.0.0.0:9090', '--grace', '30s'],
        },
      ];
      return planning(
        planned(
          plan([
            update('shop/api', '1.4.0', '1.5.0', values),
            update('store/api', '1.4.0', '1.5.0', values),
            change('store/db', 'reconfigure', {
              before: shape('db', '3.0.0', 1),
              after: shape('db', '3.0.0', 1),
              reason: 'changed in place, no new instances',
              values: [{ path: 'max_connections', before: 100, after: 200 }],
            }),
          ]),
        ),
      );
    },
  },
  {
    name: 'canary',
    why: 'each step says how far it goes, how long, what is asked, and who lets it go on',
    body: () => {
      const canary = [step(count(1), 60_000), step({ kind: 'percent', value: 50 })];
      const { plan: made, preview } = foreseen([api('1.4.0')], [api('1.5.0', { canary, promote: 'manual' })]);
      return planning(planned(made, { preview }));
    },
  },
  {
    name: 'hostile',
    why: 'nothing that people or programs wrote pings, links, closes or forges anything',
    body: () => planning(hostileReport()),
  },
  {
    name: 'five-thousand',
    why: 'below the limit the rollup and every destroy are there still, and what is missing is said',
    body: () => planning(planned(plan(manyChanges()))),
  },
  {
    name: 'fork',
    why: 'a pull request from a fork is planned without any credential, against the recorded status',
    body: () =>
      planning(
        planned(
          plan([update('shop/api', '1.4.0', '1.5.0')], { basis: { kind: 'status', atMs: atMs - minute } }),
          {
            isFork: true,
            applier: { kind: 'action' },
          },
        ),
      ),
  },
  {
    name: 'policy-changed',
    why: 'who changes the policies with what they judge is told that this does not count yet',
    body: () =>
      planning(
        planned(plan([update('shop/api', '1.4.0', '1.5.0')]), {
          policies: [
            { name: 'no-friday', change: 'removed', file: 'heliostat.yaml' },
            { name: 'two-approvers', change: 'changed', file: 'policies/approvers.yaml' },
          ],
        }),
      ),
  },
  {
    name: 'against-status',
    why: 'a plan that could not look at what runs says how old its knowledge is, and who is to apply it',
    body: () =>
      planning(
        planned(
          plan([update('shop/api', '1.4.0', '1.5.0')], {
            basis: { kind: 'status', atMs: atMs - 4 * minute },
          }),
          {
            applier: { kind: 'nobody', command: 'heliostat apply --domain prod' },
            wholeUrl: null,
          },
        ),
      ),
  },
];

export const evil =
  '@ada #12 GH-12 acme/shop#1 <b>x</b> </details> <!-- heliostat --> ![i](https://e.example/i.png) ' +
  '``` ~~~ [l](javascript:x) www.e.example https://e.example $a$ :tada: \u001b[31mred\u202e\u200b ::set-output name=a::b *b* _i_ a|b';

/** Where names were checked they could not be like that; whoever reads a comment does not know that they were. */
export function hostileReport(text = evil): PlannedReport {
  const flat = text.replaceAll('/', '-');
  const key = `${flat}/${flat}` as ElementKey;
  const values = [
    { path: text, before: text, after: `a\n${text}\n\`\`\`\n</details>` },
    { path: 'lines', before: `a\n${text}`, after: `b\n\`\`\`\n${text}` },
  ];
  const made = plan(
    [
      change(key, 'retire', {
        before: shape(text, text, 2),
        reason: text,
        destroysData: true,
        position: { file: text, line: 1, column: 1 },
      }),
      change(`shop/${text}`, 'reconfigure', {
        before: shape('api', '1.0.0', 1),
        after: shape('api', '1.0.0', 1, { [`shop/${text}`]: text }),
        reason: text,
        values,
      }),
      { ...update('shop/api', '1.0.0', '1.1.0', values), reason: text },
    ],
    {
      holds: [{ id: 'x', code: text, reason: text, releasedBy: text, command: `heliostat approve ${text}` }],
      staying: [
        {
          element: key,
          version: text as Version,
          at: [text as Version],
          failed: [{ element: key, version: text as Version }],
          revision: head,
          reason: text,
        },
      ],
    },
  );
  return planned(made, {
    folder: text,
    applier: { kind: 'daemon', name: text },
    wholeUrl: `javascript:${text}`,
    diagnostics: [diagnostic({ code: text, severity: 'warning', message: text, file: text, fix: text })],
    failures: [{ revision: head, name: text, url: text }],
    drift: [{ element: key, reason: text, sinceMs: atMs, repair: 'hold', command: text }],
    catalog: [
      {
        component: text as ComponentName,
        version: text as Version,
        change: 'changed',
        file: text,
        solutions: [text as SolutionName],
      },
    ],
    policies: [{ name: text, change: 'added', file: text }],
  });
}
