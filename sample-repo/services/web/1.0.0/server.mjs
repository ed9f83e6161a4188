// The shop's page, and the way from it to the api.
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { ask } from '../../common/ask.mjs';
import { iconAnswer, pageAnswer } from '../../common/page.mjs';
import { serve, whoAmI } from '../../common/serve.mjs';

const api = process.env.API;
const me = whoAmI('1.0.0');
const file = fileURLToPath(new URL('./page.html', import.meta.url));
const page = pageAnswer(file, me.version, process.env.SHOP_NAME ?? 'Shop');

serve({
  'GET /': () => page,
  'GET /icon.svg': () => iconAnswer,
  'GET /orders': async () => {
    const { status, body } = await ask(api, 'GET', '/orders');
    return { status, body: { ...body, web: me } };
  },
  'POST /orders': async ({ body }) => {
    // The id is given here, once, so that asking again cannot order twice.
    const { status, body: answer } = await ask(api, 'POST', '/orders', { id: randomUUID(), ...body });
    return { status, body: { ...answer, web: me } };
  },
});
