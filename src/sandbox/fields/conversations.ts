import { invalid } from '../errors';
import { isJsonObject, setKey } from '../json';
import type { JsonObject, JsonValue } from '../json';
import { checkWildcards } from './primitives';
import type { Reader } from './primitives';

const MANAGED_KEYS = [
  'widget_public_token',
  'slack_bot_token',
  'slack_team_id',
  'slack_enabled',
  'slack_scopes',
  'email_enabled',
];
const CHANNELS = ['email', 'github', 'slack', 'teams', 'widget'];
const QUESTIONS = ['how_to', 'diagnostic', 'account_billing'];
const MODES = ['private_note', 'bot_reply'];
const MAX_WILDCARDS = 5;
const MAX_CHANNELS = 50;
const MAX_NAME = 200;

function isManaged(key: string): boolean {
  return MANAGED_KEYS.includes(key) || key.startsWith('teams_');
}

/**
 * Support settings, stored as sent except for managed keys, empty sites, empty and duplicate Slack channels, and Slack
 * strings, which are trimmed and become null if they are empty (API facts 4.8, 9.1).
 */
export const conversationsSettings: Reader = (value, attr, context) => {
  if (!isJsonObject(value)) {
    throw invalid('Must provide a dictionary or None.', attr);
  }
  const read: JsonObject = {};
  for (const [key, item] of Object.entries(value)) {
    if (!isManaged(key)) {
      setKey(read, key, item);
    }
  }
  readDomains(read, attr, context.generation === 'current');
  for (const key of ['widget_require_email', 'widget_collect_name']) {
    const item = read[key];
    if (item !== undefined && item !== null && typeof item !== 'boolean') {
      throw invalid('Must be a valid boolean.', `${attr}__${key}`);
    }
  }
  if (context.generation === 'current') {
    readSlack(read, attr);
  }
  checkChannels(read.ai_resolution_channels, `${attr}__ai_resolution_channels`);
  if (read.ai_reply_modes !== undefined && read.ai_reply_modes !== null) {
    read.ai_reply_modes = replyModes(read.ai_reply_modes, `${attr}__ai_reply_modes`);
  }
  return read;
};

function readDomains(read: JsonObject, attr: string, isCurrent: boolean): void {
  const domains: JsonValue | undefined = read.widget_domains;
  if (domains === undefined || domains === null) {
    return;
  }
  if (!Array.isArray(domains)) {
    throw invalid('Must be a list.', `${attr}__widget_domains`);
  }
  const kept = domains.filter((domain) => domain !== null && domain !== '');
  if (isCurrent) {
    checkWildcards(kept, MAX_WILDCARDS, attr);
  }
  read.widget_domains = kept;
}

function readSlack(read: JsonObject, attr: string): void {
  const channels: JsonValue | undefined = read.slack_channel_ids;
  if (Array.isArray(channels)) {
    const ids = channels.filter((id) => typeof id === 'string' && id !== '');
    read.slack_channel_ids = [...new Set(ids)].slice(0, MAX_CHANNELS);
  } else {
    delete read.slack_channel_ids;
  }
  readText(read, 'slack_bot_icon_url', attr, (url) =>
    url.startsWith('https://') ? undefined : 'Must be an HTTPS URL.',
  );
  readText(read, 'slack_bot_display_name', attr, (name) =>
    Array.from(name).length > MAX_NAME || Array.from(name).some((character) => character < ' ')
      ? 'Must be 200 characters or fewer with no control characters.'
      : undefined,
  );
  for (const key of ['slack_notify_on_join', 'slack_notify_on_leave', 'slack_nudge_enabled']) {
    if (read[key] !== undefined) {
      read[key] = isTrueInPython(read[key]);
    }
  }
  readText(read, 'slack_alert_channel_id', attr, () => undefined);
}

/** A trimmed string; null if it is empty. */
function readText(
  read: JsonObject,
  key: string,
  attr: string,
  problemOf: (text: string) => string | undefined,
): void {
  const value = read[key];
  if (value === undefined || value === null) {
    return;
  }
  if (typeof value !== 'string') {
    throw invalid('Must be a string.', `${attr}__${key}`);
  }
  const trimmed = value.trim();
  const problem = trimmed === '' ? undefined : problemOf(trimmed);
  if (problem !== undefined) {
    throw invalid(problem, `${attr}__${key}`);
  }
  read[key] = trimmed === '' ? null : trimmed;
}

function isTrueInPython(value: JsonValue | undefined): boolean {
  return Array.isArray(value)
    ? value.length > 0
    : isJsonObject(value)
      ? Object.keys(value).length > 0
      : Boolean(value);
}

function checkChannels(channels: JsonValue | undefined, attr: string): void {
  if (channels === undefined || channels === null) {
    return;
  }
  if (!Array.isArray(channels)) {
    throw invalid('Must be a list of channel names or null.', attr);
  }
  const unknown = channels.filter((channel) => typeof channel !== 'string' || !CHANNELS.includes(channel));
  if (unknown.length > 0) {
    throw invalid(
      `Invalid channel(s): ${unknown.map(String).join(', ')}. Valid options: ${CHANNELS.join(', ')}.`,
      attr,
    );
  }
}

/**
 * `{channel: {question: mode}}`. The server silently drops unknown channels and questions. Only answers to "how to" can
 * be published, so other modes become notes (API facts 9.1).
 */
function replyModes(modes: JsonValue, attr: string): JsonObject {
  if (!isJsonObject(modes)) {
    throw invalid('Must be an object or null.', attr);
  }
  const kept: JsonObject = {};
  for (const [channel, questions] of Object.entries(modes)) {
    if (!CHANNELS.includes(channel) || !isJsonObject(questions)) {
      continue;
    }
    const known = Object.entries(questions).flatMap(([question, mode]): [string, JsonValue][] =>
      QUESTIONS.includes(question) && typeof mode === 'string' && MODES.includes(mode)
        ? [[question, question === 'how_to' ? mode : 'private_note']]
        : [],
    );
    if (known.length > 0) {
      kept[channel] = Object.fromEntries(known);
    }
  }
  return kept;
}
