import { githubForge } from '../../../src/adapters/forge/github/index.js';
import { redactorOf } from '../../../src/core/base/safe-text.js';
import { fakeGitHub } from '../../support/forge/github.js';
import { contractOf, quick } from './contract.js';

const repository = { owner: 'acme', name: 'shop' };

contractOf('GitHub', async () => {
  const hub = await fakeGitHub(repository);
  const token = hub.personal('heliostat-bot');
  const withToken = (text: string, waiting: Parameters<typeof githubForge>[0]['waiting'] = quick) =>
    githubForge({
      repository,
      apiUrl: hub.url,
      webUrl: 'https://github.com',
      auth: { kind: 'token', token: () => Promise.resolve(text) },
      redact: redactorOf([]),
      waiting,
    });
  return {
    hub,
    login: 'heliostat-bot',
    token,
    forge: (waiting) => withToken(token, waiting),
    stranger: () => withToken('ghp_nobodyknowsthisone'),
    reader: () =>
      withToken(
        hub.fineGrained('heliostat-bot', {
          contents: 'read',
          issues: 'read',
          pull_requests: 'read',
          statuses: 'read',
          deployments: 'read',
        }),
      ),
    paths: { comments: /\/issues\/\d+\/comments$/, statuses: /\/statuses\/\w+$/, pulls: /\/pulls$/ },
  };
});
