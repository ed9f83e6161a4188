import type { CodeTable } from './describe.js';

/** What keeps a step of a workflow from its work, and a daemon from hearing webhooks. */
export const actionCodes = {
  'action.input': {
    title: 'Input of the Action that means nothing',
    meaning: 'What the workflow says under `with` is none of the values that this input takes.',
    fix: 'Write what the message names.',
    example: 'with: { command: plan, timeout: 30m }',
  },
  'action.target': {
    title: 'Workflow on: pull_request_target',
    meaning:
      'Such a workflow has the secrets of the repository and a token that may write, while it works on what anybody with a fork proposes. The Action does nothing then.',
    fix: 'Write on: pull_request. A pull request of a fork is planned then too, with a token that may only read.',
    example: 'on: pull_request',
  },
  'action.event': {
    title: 'Event that says nothing of its pull request',
    meaning: 'The workflow says that it runs for a pull request, and the event names none.',
    fix: 'Run the Action on: pull_request, merge_group, push, schedule or workflow_dispatch.',
    example: 'on: [pull_request, merge_group]',
  },
  'action.outside': {
    title: 'Action outside of a workflow',
    meaning: 'Variables are missing that the runner of a workflow always sets.',
    fix: 'Use the command heliostat on a machine of your own.',
    example: 'npx heliostat plan --repo https://github.com/acme/shop.git',
  },
  'action.bound': {
    title: 'What cannot be applied from a runner',
    meaning:
      'Processes and the gateway run on the machine of the controller. That of a runner is gone after the job, and they with it.',
    fix: 'Let a daemon apply it on a machine that stays (heliostat run), and use command: wait in the workflow.',
    example: 'with: { command: wait, timeout: 30m }',
  },
  'webhook.listen': {
    title: 'Webhooks cannot be listened for',
    meaning: 'The address of webhook.listen is not one of this machine, or is taken.',
    fix: 'Give a free address of this machine.',
    example: 'webhook: { listen: 127.0.0.1:8085, secret: env:HELIOSTAT_WEBHOOK }',
  },
} satisfies CodeTable;
