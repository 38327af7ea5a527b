import { invalid } from '../errors';
import { isBigNumber, isJsonObject, pythonString, pythonTypeName } from '../json';
import type { JsonObject, JsonValue } from '../json';
import { object } from './primitives';
import type { Reader } from './primitives';

/**
 * "Property type event or person" (API facts 9.1): one of the two, so a property without a type is rejected too. The
 * source that the facts cite ([SV]) agrees: `"type" not in prop or …`, with the message below for both.
 */
const PROPERTY_TYPES = ['event', 'person'];
const PROPERTY_OPERATORS = [
  'exact',
  'gt',
  'icontains',
  'is_not',
  'lt',
  'not_icontains',
  'not_regex',
  'regex',
];

/** Builds the error for a message. */
type Refuse = (detail: string) => Error;

/** Newer field: `{version: 2, groups: […], fallbackSampleRate?}` (API facts 4.8, 9.1). */
export const triggerGroups: Reader = (value, attr) => {
  const given = object('Must provide a dictionary or None.')(value, attr);
  const refuse: Refuse = (detail) => invalid(detail, attr);
  if (given.version === undefined) {
    throw refuse("Missing required field: 'version'.");
  }
  if (given.version !== 2) {
    throw refuse(`Invalid version: ${pythonString(given.version)}. Only version 2 is supported.`);
  }
  if (given.groups === undefined) {
    throw refuse("Missing required field: 'groups'.");
  }
  if (!Array.isArray(given.groups)) {
    throw refuse("Field 'groups' must be an array.");
  }
  given.groups.forEach((group, index) => checkGroup(group, (detail) => refuse(`Group ${index}${detail}`)));
  const rate = given.fallbackSampleRate;
  if (rate !== undefined && !isRate(rate)) {
    throw refuse(`Invalid fallbackSampleRate: ${pythonString(rate)}. Must be a number between 0 and 1.`);
  }
  return given;
};

function isRate(rate: JsonValue): boolean {
  return typeof rate === 'number' && rate >= 0 && rate <= 1;
}

function checkGroup(group: JsonValue, refuse: Refuse): void {
  if (!isJsonObject(group)) {
    throw refuse(': must be a dictionary.');
  }
  const missing = ['id', 'sampleRate', 'conditions'].find((name) => group[name] === undefined);
  if (missing !== undefined) {
    throw refuse(`: missing required field '${missing}'.`);
  }
  if (!isRate(group.sampleRate ?? null)) {
    throw refuse(
      `: invalid sampleRate '${pythonString(group.sampleRate)}'. Must be a number between 0 and 1.`,
    );
  }
  checkDuration(group.minDurationMs, refuse);
  if (!isJsonObject(group.conditions)) {
    throw refuse(": field 'conditions' must be a dictionary.");
  }
  checkConditions(group.conditions, refuse);
}

function checkDuration(duration: JsonValue | undefined, refuse: Refuse): void {
  if (duration === undefined) {
    return;
  }
  if (!Number.isInteger(duration) && !isBigNumber(duration)) {
    throw refuse(`: 'minDurationMs' must be an integer, got ${pythonTypeName(duration)}.`);
  }
  if (typeof duration !== 'number' || duration < 0 || duration > 30000) {
    throw refuse(
      `: 'minDurationMs' must be between 0 and 30000 (30 seconds). Got: ${pythonString(duration)}.`,
    );
  }
}

function checkConditions(conditions: JsonObject, refuse: Refuse): void {
  const { matchType, events, urls, flag, properties } = conditions;
  if (matchType !== undefined && matchType !== 'any' && matchType !== 'all') {
    throw refuse(`: invalid matchType '${pythonString(matchType)}'. Must be 'any' or 'all'.`);
  }
  if (events !== undefined) {
    listOf('events', events, refuse).forEach((event, index) => checkEvent(event, index, refuse));
  }
  if (urls !== undefined) {
    listOf('urls', urls, refuse).forEach((url) => checkUrl(url, refuse));
  }
  if (flag !== undefined) {
    checkFlag(flag, refuse);
  }
  if (properties !== undefined) {
    checkProperties(properties, (detail) => refuse(`: ${detail}`));
  }
}

function listOf(name: string, value: JsonValue, refuse: Refuse): JsonValue[] {
  if (!Array.isArray(value)) {
    throw refuse(`: field '${name}' must be an array.`);
  }
  return value;
}

function checkEvent(event: JsonValue, index: number, refuse: Refuse): void {
  if (typeof event === 'string') {
    return;
  }
  if (!isJsonObject(event)) {
    throw refuse(`: event ${index} must be a string or object with 'name'.`);
  }
  const { name, properties } = event;
  if (typeof name !== 'string') {
    throw refuse(`: event ${index} object must have a string 'name' field.`);
  }
  if (properties !== undefined) {
    checkProperties(properties, (detail) => refuse(`, event '${name}': ${detail}`));
  }
}

function checkUrl(config: JsonValue, refuse: Refuse): void {
  if (!isJsonObject(config)) {
    throw refuse(': URL config must be a dictionary.');
  }
  const { url, matching } = config;
  if (url === undefined || matching === undefined) {
    throw refuse(": URL config must have 'url' and 'matching' fields.");
  }
  if (matching !== 'regex') {
    throw refuse(`: URL matching must be 'regex'. Got: '${pythonString(matching)}'.`);
  }
  if (typeof url !== 'string' || !isPythonRegex(url)) {
    throw refuse(`: invalid regex pattern in URL: '${pythonString(url)}'.`);
  }
}

/** JavaScript's expressions are close to Python's, except for how names and flags are written. */
function isPythonRegex(source: string): boolean {
  try {
    new RegExp(source.replace(/^\(\?[aiLmsux]+\)/, '').replaceAll('(?P<', '(?<'));
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) {
      return false;
    }
    throw error;
  }
}

function checkFlag(flag: JsonValue, refuse: Refuse): void {
  if (typeof flag === 'string' || flag === null) {
    return;
  }
  if (!isJsonObject(flag)) {
    throw refuse(": 'flag' must be a string (flag key), object (LinkedFeatureFlag), or null.");
  }
  if (flag.key === undefined) {
    throw refuse(": flag object must have 'key' field.");
  }
  if (typeof flag.key !== 'string') {
    throw refuse(": flag 'key' must be a string.");
  }
}

function checkProperties(properties: JsonValue, refuse: Refuse): void {
  if (!Array.isArray(properties)) {
    throw refuse("'properties' must be an array.");
  }
  properties.forEach((property, index) =>
    checkProperty(property, (detail) => refuse(`property ${index} ${detail}`)),
  );
}

function checkProperty(property: JsonValue, refuse: Refuse): void {
  if (!isJsonObject(property)) {
    throw refuse('must be a dictionary.');
  }
  const { key, type, operator, value } = property;
  if (typeof key !== 'string') {
    throw refuse("must have a string 'key' field.");
  }
  if (typeof type !== 'string' || !PROPERTY_TYPES.includes(type)) {
    throw refuse(`must have a 'type' field with value: ${PROPERTY_TYPES.join(', ')}.`);
  }
  if (operator !== undefined && !(typeof operator === 'string' && PROPERTY_OPERATORS.includes(operator))) {
    throw refuse(
      `has invalid operator '${pythonString(operator)}'. Valid operators: ${PROPERTY_OPERATORS.join(', ')}.`,
    );
  }
  if (value === undefined) {
    throw refuse("must have a 'value' field.");
  }
}
