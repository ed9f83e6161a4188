import type { Provider, Providers } from '../../../src/ports/provider.js';
import type { EnginePorts } from '../../../src/engine/ports.js';
import type { MemoryDisk } from '../../support/memory-disk.js';
import { World } from '../../support/fake-ports/world.js';

/** A world whose provider may be told to misbehave, at the port: the rest is as always. */
export class HostileWorld extends World {
  constructor(private readonly misbehave: (honest: Provider, world: HostileWorld) => Provider) {
    super();
  }

  override ports(disk: MemoryDisk): EnginePorts {
    const ports = super.ports(disk);
    const honest = ports.providers;
    const providers: Providers = {
      ...honest,
      get: (name) => {
        const provider = honest.get(name);
        return provider === null ? null : this.misbehave(provider, this);
      },
    };
    return { ...ports, providers };
  }
}
