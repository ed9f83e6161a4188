// What one can order, and how: checks orders and hands them to the store.
import { ask } from '../../common/ask.mjs';
import { serve, whoAmI } from '../../common/serve.mjs';
import { checkedOrder } from './order.mjs';

const store = process.env.STORE;
const me = whoAmI('1.0.0');

serve({
  'GET /orders': async () => {
    const { status, body } = await ask(store, 'GET', '/orders?limit=20');
    return { status, body: { orders: body.orders ?? [], api: me } };
  },
  'POST /orders': async ({ body }) => {
    const order = checkedOrder(body);
    const stored = await ask(store, 'POST', '/orders', order);
    return { status: stored.status, body: { order, api: me } };
  },
});
