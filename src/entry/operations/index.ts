import type { Operations } from '../cli/operations.js';
import type { act as Act } from './act.js';
import { told, toldEach } from './failures.js';

/** Each verb loads what it needs when it is called, so that none pays for another. */
export function operationsOf(version: string): Operations {
  return {
    validate: (request) => told(import('./validate.js').then((verb) => verb.validate(version, request))),
    plan: (request) => told(import('./plan.js').then((verb) => verb.plan(version, request))),
    apply: (request, hooks) => told(import('./apply.js').then((verb) => verb.apply(version, request, hooks))),
    run: (request, hooks) => told(import('./run.js').then((verb) => verb.run(version, request, hooks))),
    status: (request) => told(import('./status.js').then((verb) => verb.status(version, request))),
    watchStatus: (request) =>
      toldEach(each(async () => (await import('./status.js')).watchStatus(version, request))),
    history: (request) => told(import('./history.js').then((verb) => verb.history(version, request))),
    blame: (request) => told(import('./blame.js').then((verb) => verb.blame(version, request))),
    bisect: (request) => told(import('./bisect.js').then((verb) => verb.bisect(version, request))),
    events: (request) => toldEach(each(async () => (await import('./events.js')).events(version, request))),
    graph: (request) => told(import('./graph.js').then((verb) => verb.graph(version, request))),
    logs: (request) => toldEach(each(async () => (await import('./logs.js')).logs(version, request))),
    explainElement: (request) =>
      told(import('./explain.js').then((verb) => verb.explainElement(version, request))),
    pause: (request) => {
      const { target, forMs } = request;
      return acted((act) => act(version, request, (by) => ({ verb: 'pause', target, forMs, ...by })));
    },
    abort: (request) => {
      const { target, revert } = request;
      return acted((act) => act(version, request, (by) => ({ verb: 'abort', target, revert, ...by })));
    },
    restart: (request) =>
      acted((act) => act(version, request, (by) => ({ verb: 'restart', target: request.target, ...by }))),
    promote: (request) =>
      acted((act) => act(version, request, (by) => ({ verb: 'promote', target: request.target, ...by }))),
    resume: (request) =>
      acted((act) => act(version, request, (by) => ({ verb: 'resume', target: request.target, ...by }))),
    retry: (request) =>
      acted((act) => act(version, request, (by) => ({ verb: 'retry', target: request.target, ...by }))),
    approve: (request) =>
      acted((act) => act(version, request, (by) => ({ verb: 'release', hold: request.target, ...by }))),
    detach: (request) =>
      acted((act) => act(version, request, (by) => ({ verb: 'detach', target: request.target, ...by }))),
    down: (request, hooks) => told(import('./down.js').then((verb) => verb.down(version, request, hooks))),
    revert: (request, hooks) =>
      told(import('./revert.js').then((verb) => verb.revert(version, request, hooks))),
    targets: (request) => told(import('./targets.js').then((verb) => verb.targets(version, request))),
    reach: (request) => told(import('./reach.js').then((verb) => verb.reach(request))),
    providers: (request) => told(import('./providers.js').then((verb) => verb.providers(version, request))),
  };
}

function acted<T>(work: (act: typeof Act) => Promise<T>): Promise<T> {
  return told(import('./act.js').then(({ act }) => work(act)));
}

async function* each<T>(load: () => Promise<AsyncIterable<T>>): AsyncGenerator<T, void, void> {
  yield* await load();
}
