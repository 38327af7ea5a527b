import { invalid } from '../errors';
import { isJsonObject } from '../json';
import type { JsonObject, JsonValue } from '../json';
import type { FieldContext } from './context';
import { integer, object } from './primitives';
import type { Reader } from './primitives';

/**
 * Newer field: `{version: 2, groups: […], fallbackSampleRate?}` (API facts 4.8). The shape is proven, the texts
 * are inferred.
 */
export const triggerGroups: Reader = (value, attr, context) => {
  const given = object('Must provide a dictionary or None.')(value, attr);
  if (given.version !== 2 || !Array.isArray(given.groups)) {
    throw invalid("Must provide a dictionary with 'version' 2 and a list of 'groups'.", attr);
  }
  for (const group of given.groups) {
    checkGroup(group, attr, context);
  }
  if (isGiven(given.fallbackSampleRate)) {
    checkRate('fallbackSampleRate', given.fallbackSampleRate, attr);
  }
  return given;
};

function checkGroup(group: JsonValue, attr: string, context: FieldContext): void {
  if (!isJsonObject(group) || typeof group.id !== 'string' || !isJsonObject(group.conditions)) {
    throw invalid("Each group must have an 'id', a 'sampleRate' and 'conditions'.", attr);
  }
  if (isGiven(group.name) && typeof group.name !== 'string') {
    throw invalid("'name' must be a string.", attr);
  }
  checkRate('sampleRate', group.sampleRate, attr);
  if (isGiven(group.minDurationMs)) {
    integer({ min: 0, max: 30000 })(group.minDurationMs ?? null, attr, context);
  }
  checkConditions(group.conditions, attr);
}

function checkConditions(conditions: JsonObject, attr: string): void {
  if (conditions.matchType !== 'any' && conditions.matchType !== 'all') {
    throw invalid("'matchType' must be 'any' or 'all'.", attr);
  }
  const { urls } = conditions;
  if (isGiven(urls) && !(Array.isArray(urls) && urls.every(isUrlMatcher))) {
    throw invalid("Each of 'urls' must have a 'url' and 'matching' set to 'regex'.", attr);
  }
  for (const name of ['events', 'properties']) {
    if (isGiven(conditions[name]) && !Array.isArray(conditions[name])) {
      throw invalid(`'${name}' must be a list.`, attr);
    }
  }
}

function isUrlMatcher(item: JsonValue): boolean {
  return isJsonObject(item) && typeof item.url === 'string' && item.matching === 'regex';
}

function checkRate(name: string, rate: JsonValue | undefined, attr: string): void {
  if (typeof rate !== 'number' || rate < 0 || rate > 1) {
    throw invalid(`'${name}' must be a number between 0 and 1.`, attr);
  }
}

function isGiven(value: JsonValue | undefined): boolean {
  return value !== undefined && value !== null;
}
