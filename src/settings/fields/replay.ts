import {
  added,
  allOf,
  described,
  expected,
  expectedTexts,
  field,
  flag,
  memberNotNull,
  merged,
  notNull,
  oneOf,
  snippet,
  text,
  textList,
  upTo,
  type SettingsField,
} from './field';
import { triggerGroups } from './triggerGroups';
import { urlMatchers } from './nodes';
import type { ListRule } from '../rules';

const urlList: ListRule = { type: 'array', items: upTo(200), nullItems: true, dropsEmpty: true };

/** Session replay. */
export const replayFields: readonly SettingsField[] = [
  field(
    'replay',
    'session_recording_opt_in',
    { title: 'Session replay', text: 'Records sessions.' },
    flag,
    memberNotNull,
  ),
  field(
    'replay',
    'session_recording_sample_rate',
    {
      title: 'Sample rate',
      text: 'The share of sessions that is recorded, from 0 to 1 with two decimals. `"0.4"`, `"0.40"` and `0.4` mean the same; PostHog answers with a text. Null records all.',
    },
    { type: 'decimal', min: 0, max: 1 },
  ),
  field(
    'replay',
    'session_recording_minimum_duration_milliseconds',
    {
      title: 'Minimum duration (ms)',
      text: 'Sessions shorter than this many milliseconds are not kept, 0 to 30000.',
    },
    {
      type: 'integer',
      min: 0,
      max: 30000,
    },
  ),
  field(
    'replay',
    'session_recording_retention_period',
    {
      title: 'Retention period',
      text: 'How long **new** recordings are kept.',
      gate: 'The plan sets the longest period; PostHog refuses a longer one.',
    },
    {
      ...oneOf('30d', '90d', '1y', '5y'),
      meanings: { '30d': '30 days', '90d': '90 days', '1y': '1 year', '5y': '5 years' },
    },
    { ...notNull, readAs: 'legacy' },
  ),
  field(
    'replay',
    'recording_domains',
    {
      title: 'Recording domains',
      text: 'The sites that may record sessions and heatmaps; an empty list allows every one. Each entry is an origin such as `https://example.com`, at most 200 characters; `*` stands for any part. Empty entries are dropped.',
    },
    urlList,
  ),
  field(
    'replay',
    'capture_console_log_opt_in',
    { title: 'Console logs', text: 'Keeps the browser console with recordings.', initial: '`true`' },
    flag,
  ),
  field(
    'replay',
    'capture_performance_opt_in',
    {
      title: 'Network timing',
      text: 'Keeps network requests and their timing with recordings.',
      initial: '`true`',
    },
    flag,
  ),
  field(
    'replay',
    'session_recording_linked_flag',
    {
      title: 'Linked feature flag',
      text: 'Records only when this feature flag is on: its `id` and `key`, and the `variant` if only one counts. Other keys are refused.',
    },
    {
      type: 'object',
      closed: true,
      pointsTo: 'feature flag',
      required: ['id', 'key'],
      keys: {
        id: described({ type: 'id', since: 'current' }, 'The ID of the flag.'),
        key: described(expected(text), 'The key of the flag.'),
        variant: described(expected(text), 'Only this variant counts.'),
      },
      snippets: [
        snippet('A flag', { id: '^${1:1}', key: '${2:record-sessions}' }, 'Record when this flag is on'),
        snippet(
          'A variant of a flag',
          { id: '^${1:1}', key: '${2:record-sessions}', variant: '${3:test}' },
          'Record when this variant is shown',
        ),
      ],
    },
  ),
  field(
    'replay',
    'session_recording_network_payload_capture_config',
    {
      title: 'Network payloads',
      text: 'Whether headers and bodies of network requests are recorded. Bodies can hold personal data.',
    },
    {
      type: 'object',
      closed: true,
      keys: {
        recordHeaders: described(flag, 'Record headers.'),
        recordBody: described(flag, 'Record bodies.'),
      },
    },
  ),
  field(
    'replay',
    'session_recording_masking_config',
    { title: 'Masking', text: 'What recordings hide.' },
    {
      type: 'object',
      closed: true,
      keys: {
        maskAllInputs: { ...flag, notNull: true, text: 'Hide what is typed.' },
        maskTextSelector: {
          ...text,
          notNull: true,
          text: 'Hide the text of elements that match this CSS selector; `*` hides all.',
        },
        blockSelector: {
          ...text,
          notNull: true,
          text: 'Leave out elements that match this CSS selector.',
        },
      },
    },
  ),
  field(
    'replay',
    'session_recording_trigger_match_type_config',
    {
      title: 'Trigger matching',
      text: 'Whether all triggers or any one must match before recording starts.',
    },
    {
      ...oneOf('all', 'any'),
      meanings: { all: 'Every trigger must match', any: 'One matching trigger is enough' },
    },
  ),
  field(
    'replay',
    'session_recording_url_trigger_config',
    {
      title: 'URL triggers',
      text: 'Recording starts on addresses that match one of these regular expressions.',
    },
    urlMatchers,
  ),
  field(
    'replay',
    'session_recording_url_blocklist_config',
    {
      title: 'URL blocklist',
      text: 'Recording pauses on addresses that match one of these regular expressions.',
    },
    urlMatchers,
  ),
  field(
    'replay',
    'session_recording_event_trigger_config',
    { title: 'Event triggers', text: 'Recording starts when one of these events is captured.' },
    { ...textList, nullItems: true },
  ),
  field(
    'replay',
    'session_recording_trigger_groups',
    {
      title: 'Trigger groups',
      text: 'Several groups of triggers with a sample rate and minimum duration of their own.',
    },
    triggerGroups,
    added,
  ),
  field(
    'replay',
    'session_replay_config',
    {
      title: 'Replay options',
      text: 'Recording of canvas elements, and options of AI summaries. Other keys are refused.',
    },
    {
      type: 'object',
      closed: true,
      keys: {
        record_canvas: described(expected(flag), 'Record canvas elements.'),
        ai_config: {
          type: 'object',
          closed: true,
          keys: {
            opt_in: described(expected(flag), 'Allow AI summaries.'),
            ...allOf(
              'preferred_events excluded_events included_event_properties important_user_properties',
              expectedTexts,
            ),
          },
        },
      },
    },
    { ...merged, mergeDepth: 2 },
  ),
];
