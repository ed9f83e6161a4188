// What one can order, and how: checks orders and hands them to the store. New in 1.1.0: totals.
import { ask } from '../../common/ask.mjs';
import { serve, whoAmI } from '../../common/serve.mjs';
import { checkedOrder } from './order.mjs';

const store = process.env.STORE;
const me = whoAmI('1.1.0');

serve({
  'GET /orders': async () => {
    const [latest, sums] = await Promise.all([ask(store, 'GET', '/orders?limit=20'), ask(store, 'GET', '/totals')]);
    const status = Math.max(latest.status, sums.status);
    return { status, body: { orders: latest.body.orders ?? [], totals: sums.body.totals, api: me } };
  },
  'POST /orders': async ({ body }) => {
    const order = checkedOrder(body);
    const stored = await ask(store, 'POST', '/orders', order);
    return { status: stored.status, body: { order, api: me } };
  },
});
