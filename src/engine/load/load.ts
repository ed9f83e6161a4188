import type { Loaded, LoadPorts, LoadRequest } from './types.js';

/** Documents of a revision or a work tree → what its domain asks for, at the cost of what differs from `request.base`. */
export declare function load(ports: LoadPorts, request: LoadRequest): Promise<Loaded>;
