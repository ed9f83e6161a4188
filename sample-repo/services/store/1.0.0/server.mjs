// Keeps the orders of the shop in the folder ORDERS.
import { Refusal, serve } from '../../common/serve.mjs';
import { Orders } from './orders.mjs';

const orders = new Orders(process.env.ORDERS);

serve({
  'GET /orders': ({ url }) => ({
    status: 200,
    body: { orders: orders.latest(Math.max(0, Math.min(100, Number(url.searchParams.get('limit') ?? 20) || 0))) },
  }),
  'GET /totals': () => ({ status: 200, body: { totals: orders.totals() } }),
  'POST /orders': ({ body }) => {
    const { id, customer, item, quantity, cents } = body;
    if (typeof id !== 'string' || id === '' || id.length > 64) throw new Refusal(400, 'an order needs an id');
    const added = orders.add({ id, customer, item, quantity, cents });
    return { status: added ? 201 : 200, body: { id, added } };
  },
});
