// The long form of the exhaustive combinations: `npm run combinations -- --count 40000`; `--help` tells the rest.
import { bundleAside } from './lib/bundle-aside.mjs';

const { program } = await bundleAside('combinations', 'test/support/small-world/main.ts');
const { main } = await import(program.href);
process.exitCode = await main(process.argv.slice(2), program);
