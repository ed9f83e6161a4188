import type { CodeTable } from './describe.js';

/** Steps of a canary and their gates. */
export const canaryCodes = {
  'canary.share': {
    title: 'Step without a measure, or with two',
    meaning:
      'A step of a canary says how far it goes: by size, a number of new instances, or by weight, percent of the traffic.',
    fix: 'Write exactly one of size and weight.',
    example: 'steps: [{ size: 1, weight: 10 }]',
  },
  'canary.mixed': {
    title: 'Steps that cannot be compared',
    meaning:
      'All steps of a canary use the same: weights, numbers of instances, or percentages of the size. Of a mixture nobody could say whether it rises.',
    fix: 'Use one of them in all steps.',
    example: 'steps: [{ size: 1 }, { weight: 50 }]',
  },
  'canary.rising': {
    title: 'Step that does not rise',
    meaning: 'Each step of a canary goes further than the one before it; the full size follows the last one.',
    fix: 'Put the steps in rising order, or remove one of them.',
    example: 'steps: [{ weight: 50 }, { weight: 10 }]',
  },
  'canary.noSteps': {
    title: 'Canary without a step',
    meaning:
      'Strategy canary goes in steps. Without one the new version would get everything at once, with no pause, no gate and nobody asked.',
    fix: 'Write at least one step, or use strategy rolling.',
    example: 'rollout: { strategy: canary }',
  },
  'canary.size': {
    title: 'Step beyond the size',
    meaning: 'A step brings up so many new instances, and there are never more than the element has.',
    fix: 'Use a smaller number, or a percentage of the size.',
    example: 'size: 2, rollout: { strategy: canary, canary: { steps: [{ size: 5 }] } }',
  },
  'canary.traffic': {
    title: 'Traffic that the gateway never sees',
    meaning:
      'Weights, and blue and green, say who gets how much of the traffic. The gateway shares it out, so the component has an endpoint with the address of an instance.',
    fix: 'Give the component an endpoint with ${instance.address} and ${instance.port}, or use steps by size.',
    example:
      'rollout: { strategy: canary, canary: { steps: [{ weight: 10 }] } } # of a component without endpoint',
  },
  'gate.name': {
    title: 'Two gates of one name',
    meaning: 'Status, events and reasons name a gate, so its name is unique in its step.',
    fix: 'Give one of them another name.',
    example: 'gates: [{ name: ok, command: [a] }, { name: ok, command: [b] }]',
  },
  'gate.measure': {
    title: 'Gate that cannot measure',
    meaning: 'A gate measures in exactly one way: http, prometheus or command.',
    fix: 'Write exactly one of them, and another gate for what else there is to ask.',
    example: 'gates: [{ name: ok }]',
  },
  'gate.target': {
    title: 'Gate that does not know whom to ask',
    meaning: 'An http gate asks each new instance for a path, or one place by its url.',
    fix: 'Write exactly one of path and url.',
    example: 'http: { status: [200] }',
  },
  'gate.url': {
    title: 'Not a url that can be asked',
    meaning:
      'A gate asks by http or https. A user and a password have no place in a model, which everybody may read who reads the repository.',
    fix: 'Write scheme, host, perhaps a port and a path.',
    example: 'http: { url: "checks.example.org" }',
  },
  'gate.condition': {
    title: 'Not a condition in CEL',
    meaning:
      'The condition on the JSON of an answer is an expression of the Common Expression Language over body and status that gives true or false. Numbers of a JSON body are doubles: write body.errors + 1.0.',
    fix: 'Correct the expression as the message says.',
    example: 'json: "body.errors <"',
  },
  'gate.threshold': {
    title: 'Threshold that nothing meets, or none at all',
    meaning: 'A threshold is a comparison with a number, or min and max, of which min is not the greater.',
    fix: 'Write a comparison such as "> 0.99", or min and max.',
    example: 'threshold: { min: 2, max: 1 }',
  },
  'gate.noTime': {
    title: 'Gate without time',
    meaning: 'Within no time nothing is measured, and with no interval it would be measured without a pause.',
    fix: 'Write a time such as 10s, or leave it out for the default.',
    example: 'gates: [{ name: ok, command: [check], interval: 0s }]',
  },
} as const satisfies CodeTable;
