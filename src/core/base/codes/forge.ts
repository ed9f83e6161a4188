import type { CodeTable } from './describe.js';

/** What the host of pull requests answers, and what its credentials lack. */
export const forgeCodes = {
  'forge.away': {
    title: 'The forge does not answer',
    meaning:
      'What happens cannot be told there now: no comment, no status, no deployment. Rollouts go on; it is told later, and nothing twice.',
    fix: 'Nothing has to be restarted. Look whether the address of the API can be reached from this machine.',
    example: null,
  },
  'forge.credentials': {
    title: 'Credentials that the forge does not know',
    meaning:
      'The token is missing, mistyped, expired or withdrawn, or the private key of the App is unusable.',
    fix: 'Make a new token or key and put it into the file or variable that is named for it.',
    example: null,
  },
  'forge.forbidden': {
    title: 'Not allowed by the forge',
    meaning: 'The credentials are good, but lack the permission for what was to be written.',
    fix: 'Give the permission that the message names.',
    example: null,
  },
  'forge.permission': {
    title: 'A permission is missing',
    meaning: 'Found out before anything was written: the credentials will not be allowed to do it.',
    fix: 'Give the permission or scope that the message names.',
    example: null,
  },
  'forge.permissionsUnknown': {
    title: 'Permissions that cannot be read',
    meaning:
      'The forge tells of some kinds of credentials only by refusing, so a missing permission shows at the first write.',
    fix: 'Compare the permissions with the guide about forges, or use an App, whose permissions can be read.',
    example: null,
  },
  'forge.proposalsOff': {
    title: 'Workflows may not open pull requests',
    meaning:
      'A setting of the repository keeps the token of a workflow from opening pull requests. The branch of a revert is pushed, but nobody is asked to merge it.',
    fix: 'Switch the setting on (Settings → Actions → General → Workflow permissions), or use a token or an App.',
    example: null,
  },
  'forge.noChecks': {
    title: 'Checks that do not start by themselves',
    meaning:
      'GitHub starts no workflow by itself for what the token of a workflow pushes or opens, so the required checks of a pull request of ours wait: for ever, or until a person lets them run.',
    fix: 'Use a token or an App.',
    example: null,
  },
  'forge.archived': {
    title: 'Repository in the archive',
    meaning: 'An archived repository can be read only.',
    fix: 'Take it out of the archive.',
    example: null,
  },
  'forge.notFound': {
    title: 'Not found by the forge',
    meaning:
      'There is no such repository, pull request or commit, or the credentials may not see it: forges answer both alike.',
    fix: 'Compare the names, and give the credentials access to the repository.',
    example: null,
  },
  'forge.redirected': {
    title: 'API that leads to another host',
    meaning:
      'The address of the API answers with another host. The token is not sent there, because it could be anybody.',
    fix: 'Give the address that the API really has.',
    example: 'https://api.github.com',
  },
  'forge.rejected': {
    title: 'Not taken by the forge',
    meaning: 'The forge understood what was asked and does not do it.',
    fix: 'Follow the message.',
    example: null,
  },
  'forge.commentOfAnother': {
    title: 'Comment of another writer',
    meaning:
      'The one comment was made by a login that the configuration trusts, and the forge does not let these credentials edit it. A second one is never made.',
    fix: 'Give the credentials the right to write to the repository, or take the login out of trusts.',
    example: null,
  },
  'forge.nothingToPropose': {
    title: 'Nothing to propose',
    meaning: 'A pull request needs a commit that its base does not have.',
    fix: 'Nothing is left to do if the commits were merged; else push them first.',
    example: null,
  },
  'forge.noDeployments': {
    title: 'Forge without deployments',
    meaning: 'This forge has no deployments; comment and commit statuses tell the same.',
    fix: 'Nothing needs to be done.',
    example: null,
  },
} satisfies CodeTable;
