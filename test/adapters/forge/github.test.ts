import { fakeGitHub } from '../../support/forge/github.js';
import { contractOf } from './contract.js';
import { forgeOf, repository } from './github-hub.js';

contractOf('GitHub', async () => {
  const hub = await fakeGitHub(repository);
  const token = hub.personal('heliostat-bot');
  const readOnly = {
    contents: 'read',
    issues: 'read',
    pull_requests: 'read',
    statuses: 'read',
    deployments: 'read',
  } as const;
  return {
    hub,
    login: 'heliostat-bot',
    token,
    forge: (waiting) => forgeOf(hub, token, { waiting }),
    trusting: (trusted) => forgeOf(hub, token, { trusted }),
    stranger: () => forgeOf(hub, 'ghp_nobodyknowsthisone'),
    reader: () => forgeOf(hub, hub.fineGrained('heliostat-bot', readOnly)),
    paths: { comments: /\/issues\/\d+\/comments$/, statuses: /\/statuses\/\w+$/, pulls: /\/pulls$/ },
  };
});
