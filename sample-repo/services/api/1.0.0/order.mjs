import { Refusal } from '../../common/serve.mjs';

/** Prices in cents. */
const items = { 'mirror 1 m²': 18_900, 'tracking drive': 24_900, 'sun sensor': 5_900 };

export function checkedOrder({ id, customer, item, quantity }) {
  const cents = Object.hasOwn(items, item) ? items[item] : undefined;
  if (cents === undefined) throw new Refusal(400, `there is: ${Object.keys(items).join(', ')}`);
  if (!Number.isInteger(quantity) || quantity < 1 || quantity > 99) throw new Refusal(400, 'quantity is 1 to 99');
  if (typeof id !== 'string' || !/^[\w-]{1,64}$/.test(id)) throw new Refusal(400, 'an order needs an id');
  if (typeof customer !== 'string' || customer.trim() === '') throw new Refusal(400, 'who orders?');
  return { id, customer: customer.trim().slice(0, 40), item, quantity, cents };
}
