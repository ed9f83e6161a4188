import type { Random } from '../random.js';
import type { Files } from '../repository.js';
import type { ActKind } from './script.js';

/** A model repository as its people have it before them. */
export class Author {
  constructor(private readonly random: Random) {}

  /** The files as they are to be committed now. */
  files(): Files {
    void this.random;
    return new Map();
  }

  /** One edit of this kind; false: there is nothing to edit in this way. */
  edit(_kind: ActKind, _random: Random): boolean {
    return false;
  }
}
