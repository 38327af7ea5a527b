import type { JsonValue } from '../json';
import type { ScenarioTable } from './scenario';

const CREDENTIAL = { access_key: 'sandbox-access-key', access_secret: 'sandbox-access-secret' };

const COUNTRIES = ['DE', 'FR', 'NL', 'US', 'AT'];
const STATES = ['paid', 'shipped', 'delivered', 'returned'];
const PRODUCTS = [
  'Rain jacket',
  'Hiking boots',
  'Head torch',
  'Tent, two persons',
  'Wool socks',
  'Trail map',
];

function pick(list: readonly string[], index: number): string {
  return list[index % list.length] ?? '';
}

function orderRows(): JsonValue[][] {
  return Array.from({ length: 60 }, (_, index) => [
    1001 + index,
    `customer-${(index * 7) % 23}`,
    Math.round((19.9 + ((index * 37) % 240)) * 100) / 100,
    pick(['EUR', 'USD'], index % 5 === 3 ? 1 : 0),
    pick(STATES, index),
    pick(COUNTRIES, index * 3),
    `2026-02-${String(1 + (index % 28)).padStart(2, '0')} ${String(8 + (index % 12)).padStart(2, '0')}:15:00`,
  ]);
}

function productRows(): JsonValue[][] {
  return PRODUCTS.map((name, index) => [
    101 + index,
    name,
    Math.round((12.5 + index * 31.35) * 100) / 100,
    index % 4 !== 3,
    `2025-11-${String(3 + index).padStart(2, '0')}`,
  ]);
}

/**
 * Tables of the development environment: two self-managed ones with rows, one whose price column is declared with the
 * wrong type, an uploaded one, and two that a Stripe source syncs. Newest last.
 */
export function demoTables(): ScenarioTable[] {
  return [
    {
      name: 'stripe_charge',
      hogql_name: 'stripe.charge',
      format: 'DeltaS3Wrapper',
      columns: [
        { name: 'id', type: 'string' },
        { name: 'amount', type: 'integer' },
        { name: 'currency', type: 'string' },
        { name: 'paid', type: 'boolean' },
        { name: 'created_at', type: 'datetime' },
      ],
      rows: [
        ['ch_sandbox_1', 4990, 'eur', true, '2026-02-01 10:00:00'],
        ['ch_sandbox_2', 12900, 'eur', true, '2026-02-02 11:30:00'],
        ['ch_sandbox_3', 1990, 'usd', false, '2026-02-03 08:05:00'],
      ],
      source: { source_type: 'Stripe', status: 'Completed' },
      external_schema: { name: 'Charge', should_sync: true, last_synced_at: '2026-03-15T06:00:00.000000Z' },
    },
    {
      name: 'stripe_customer',
      hogql_name: 'stripe.customer',
      format: 'DeltaS3Wrapper',
      columns: [
        { name: 'id', type: 'string' },
        { name: 'email', type: 'string' },
        { name: 'created_at', type: 'datetime' },
      ],
      rows: [
        ['cus_sandbox_1', 'ada@example.com', '2026-01-11 09:00:00'],
        ['cus_sandbox_2', 'bob@example.com', '2026-01-12 16:45:00'],
      ],
      source: { source_type: 'Stripe', status: 'Completed' },
      external_schema: { name: 'Customer', should_sync: true, last_synced_at: '2026-03-15T06:00:00.000000Z' },
    },
    {
      name: 'price_list',
      format: 'CSVWithNames',
      url_pattern: 'https://hedgehog-data.s3.amazonaws.com/prices/*.csv',
      credential: CREDENTIAL,
      columns: [
        { name: 'sku', type: 'string' },
        { name: 'price', type: 'integer', data_type: 'string', schema_valid: false },
        { name: 'valid_from', type: 'date' },
      ],
      rows: [
        ['JACKET-M', '129.90', '2026-01-01'],
        ['BOOTS-42', '189.00', '2026-01-01'],
        ['TORCH', 'on request', '2026-02-01'],
      ],
    },
    {
      name: 'newsletter_signups',
      format: 'CSVWithNames',
      url_pattern: 'https://objects.example.com/managed/team_1201/newsletter_signups.csv',
      created_via: 'api',
      columns: [
        { name: 'email', type: 'string' },
        { name: 'signed_up_on', type: 'date' },
      ],
      rows: [
        ['ada@example.com', '2026-02-20'],
        ['grace@example.com', '2026-02-21'],
      ],
    },
    {
      name: 'products',
      format: 'JSONEachRow',
      url_pattern: 'https://hedgehog-data.s3.amazonaws.com/products/*.jsonl',
      credential: CREDENTIAL,
      columns: [
        { name: 'product_id', type: 'integer' },
        { name: 'name', type: 'string' },
        { name: 'price', type: 'float' },
        { name: 'in_stock', type: 'boolean' },
        { name: 'listed_on', type: 'date' },
      ],
      rows: productRows(),
    },
    {
      name: 'orders',
      format: 'Parquet',
      url_pattern: 'https://hedgehog-data.s3.amazonaws.com/orders/*.parquet',
      credential: CREDENTIAL,
      columns: [
        { name: 'order_id', type: 'integer' },
        { name: 'customer', type: 'string' },
        { name: 'total', type: 'float' },
        { name: 'currency', type: 'string' },
        { name: 'status', type: 'string' },
        { name: 'country', type: 'string' },
        { name: 'ordered_at', type: 'datetime' },
      ],
      rows: orderRows(),
    },
  ];
}
