/** A model that is sound, with nothing real behind it. */
export const soundModel: Readonly<Record<string, string>> = {
  'heliostat.yaml': `apiVersion: heliostat/v1
kind: Domain
name: prod
defaults:
  rollout: { minHealthyTime: 50ms, drainDelay: 50ms, healthyDeadline: 20s, progressDeadline: 60s }
`,
  'catalog/web/1.0.0.yaml': `apiVersion: heliostat/v1
kind: Component
name: web
version: 1.0.0
provider: noop
`,
  'solutions/shop.yaml': `apiVersion: heliostat/v1
kind: Solution
name: shop
elements:
  web: { component: web, version: 1.0.0 }
`,
};
