import { lockStateFolder } from '../../../src/adapters/lock/state-folder.js';
import { boot } from '../../../src/engine/boot.js';
import { reconcile } from '../../../src/engine/reconcile.js';
import { locate, makeStateFolder } from '../../../src/entry/operations/place.js';
import { wire } from '../../../src/entry/operations/wiring.js';
import { deadlyPorts } from './ports.js';
import type { CrashPosition, Work } from './position.js';

/** A controller made of the real parts, as `heliostat run` is, that dies at a position: `crashing.js POSITION WORK`. */
const [position, work] = process.argv.slice(2) as [CrashPosition, Work];
const location = await locate({ repo: null, domain: null, config: null });
await makeStateFolder(location);
const lock = await lockStateFolder(location.stateDir, 'a controller that will crash');
if (!lock.ok) throw new Error(`locked by ${lock.heldBy.pid}`);
const wired = await wire(location, {
  version: '0.0.0',
  takeover: false,
  log: null,
  level: 'info',
  readOnly: false,
});
const booted = await boot(deadlyPorts(wired.ports, position, work), wired.options, location.domain);
if (!booted.ok) throw new Error(`${booted.code}: ${booted.message}`);
await wired.gateway.ensure();
await reconcile(booted.engine);
