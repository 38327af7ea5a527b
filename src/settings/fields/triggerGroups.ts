import type { FieldRule, ObjectRule } from '../rules';
import { isJsonObject } from '../../json/json';
import { like, object, oneOf, text } from './field';

const operators = ['exact', 'is_not', 'icontains', 'not_icontains', 'regex', 'not_regex', 'gt', 'lt'];
const share: FieldRule = { type: 'integer', fractions: true, min: 0, max: 1, unit: 'share', notNull: true };

const property: ObjectRule = {
  type: 'object',
  whole: true,
  required: ['key', 'type', 'value'],
  keys: {
    key: text,
    type: oneOf('event', 'person'),
    operator: { ...oneOf(...operators), notNull: true },
  },
};

const event: FieldRule = {
  type: 'union',
  wanted: 'an event name or an object with "name" and "properties"',
  of: [
    like(text, 'checkout_started'),
    {
      type: 'object',
      required: ['name'],
      keys: {
        name: text,
        properties: { type: 'array', identity: ['key'], items: property, notNull: true },
      },
    },
  ],
};

/** Groups of triggers (API facts 4.8, 9.1). */
export const triggerGroups: ObjectRule = {
  type: 'object',
  required: ['version', 'groups'],
  keys: {
    version: { type: 'integer', values: [2], notNull: true },
    groups: {
      type: 'array',
      identity: ['id'],
      items: {
        type: 'object',
        required: ['id', 'sampleRate', 'conditions'],
        keys: {
          id: text,
          name: text,
          sampleRate: share,
          minDurationMs: { type: 'integer', min: 0, max: 30000, unit: 'ms', notNull: true },
          conditions: {
            type: 'object',
            keys: {
              matchType: { ...oneOf('any', 'all'), notNull: true },
              events: { type: 'array', items: event, notNull: true },
              urls: {
                type: 'array',
                anyOrder: true,
                identity: ['url'],
                notNull: true,
                items: {
                  type: 'object',
                  required: ['url', 'matching'],
                  keys: { url: { type: 'string', regex: true }, matching: oneOf('regex') },
                },
              },
              flag: {
                type: 'union',
                wanted: 'a feature flag key or an object',
                of: [text, object],
              },
              properties: {
                type: 'array',
                anyOrder: true,
                identity: ['key'],
                items: property,
                notNull: true,
              },
            },
          },
        },
        // Without its flag, a group would record far more than intended.
        pointsTo: (group) =>
          isJsonObject(group) &&
          isJsonObject(group.conditions) &&
          group.conditions.flag !== undefined &&
          group.conditions.flag !== null
            ? 'feature flag'
            : undefined,
      },
      notNull: true,
    },
    fallbackSampleRate: share,
  },
};
