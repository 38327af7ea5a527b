import {
  added,
  allOf,
  described,
  expected,
  expectedTexts,
  exposes,
  field,
  flag,
  memberNotNull,
  merged,
  notNull,
  oneOf,
  snippet,
  stops,
  text,
  textsLike,
  type SettingsField,
} from './field';
import { triggerGroups } from './triggerGroups';
import { urlList, urlMatchers } from './nodes';

const needsReplay = ['session_recording_opt_in'];

/** Session replay. */
export const replayFields: readonly SettingsField[] = [
  field(
    'replay',
    'session_recording_opt_in',
    {
      terraform: 'attribute',
      title: 'Session replay',
      text: 'Records user sessions.',
      risk: [
        stops("Turning it off stops recording. Sessions that aren't recorded can't be recovered.", 'off'),
        exposes('Turning it on starts to record what people see and do on your sites.', 'on'),
      ],
      synonyms: ['Record user sessions', 'Session recording', 'Session recordings'],
      section: 'environment-replay',
      link: 'replay',
    },
    flag,
    memberNotNull,
  ),
  field(
    'replay',
    'session_recording_sample_rate',
    {
      title: 'Sample rate',
      text: 'The share of sessions to record, from 0 to 1 with up to two decimal places: `"0.40"` records 40%. `"0.4"`, `"0.40"` and `0.4` mean the same; PostHog returns a string. `null` records all sessions.',
      risk: [
        stops('A lower rate records fewer sessions; `0` records none.', 'lower'),
        exposes('A higher rate, or `null`, records more sessions.', 'higher'),
      ],
      synonyms: ['Sampling', 'Session sampling', 'Recording sample rate'],
      needs: needsReplay,
      section: 'environment-replay',
      link: 'replay-triggers',
    },
    { type: 'decimal', min: 0, max: 1, unit: 'share' },
  ),
  field(
    'replay',
    'session_recording_minimum_duration_milliseconds',
    {
      title: 'Minimum duration (ms)',
      text: "Sessions shorter than this aren't kept, in milliseconds from 0 to 30000: `2000` is 2 seconds. `null` keeps all sessions.",
      risk: [stops('A longer minimum drops more short sessions.', 'higher')],
      synonyms: ['Minimum session duration'],
      needs: needsReplay,
      section: 'environment-replay',
      link: 'replay-triggers',
    },
    {
      type: 'integer',
      min: 0,
      max: 30000,
      unit: 'ms',
    },
  ),
  field(
    'replay',
    'session_recording_retention_period',
    {
      title: 'Retention period',
      text: 'How long **new** recordings are kept.',
      gate: 'Your plan sets the longest period; PostHog rejects a longer one.',
      risk: [
        stops('A shorter period deletes new recordings earlier.', 'lower'),
        exposes('A longer period keeps recordings of people longer.', 'higher'),
      ],
      synonyms: ['Data retention', 'Recording retention', 'Replay retention'],
      needs: needsReplay,
      section: 'environment-replay',
      link: 'replay-retention',
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
      terraform: 'attribute',
      title: 'Recording domains',
      text: 'The sites that can record sessions and heatmaps; an empty array allows all sites. Each entry is an origin such as `https://example.com`, up to 200 characters; `*` matches any part of it. Empty entries are dropped.',
      risk: [
        stops(
          "Removing a site, or adding the first one, stops recordings and heatmaps on every site that isn't listed.",
        ),
        exposes('Adding a site, or emptying the list, allows recordings on more sites.'),
      ],
      synonyms: ['Authorized domains for replay', 'Allowed domains for recordings'],
      section: 'environment-replay',
      link: 'replay-authorized-domains',
    },
    urlList,
    { meantToDiffer: true },
  ),
  field(
    'replay',
    'capture_console_log_opt_in',
    {
      title: 'Console logs',
      text: 'Keeps browser console logs with recordings.',
      initial: '`true`',
      risk: [
        stops('Turning it off stops console logs in new recordings.', 'off'),
        exposes('Turning it on records console output, which can contain personal data.', 'on'),
      ],
      synonyms: ['Console log capture', 'Capture console logs'],
      needs: needsReplay,
      section: 'environment-replay',
      link: 'replay-log-capture',
    },
    flag,
  ),
  field(
    'replay',
    'capture_performance_opt_in',
    {
      terraform: 'attribute',
      title: 'Network timing',
      text: 'Keeps network requests and their timing with recordings.',
      initial: '`true`',
      risk: [
        stops(
          'Turning it off stops network data in new recordings, request headers and bodies included.',
          'off',
        ),
        exposes('Turning it on records the URLs of network requests.', 'on'),
      ],
      synonyms: ['Network performance', 'Capture network performance', 'Performance capture'],
      needs: needsReplay,
      section: 'environment-replay',
      link: 'replay-network',
    },
    flag,
  ),
  field(
    'replay',
    'session_recording_linked_flag',
    {
      title: 'Linked feature flag',
      text: 'Records only when this feature flag is on: its `id` and `key`, plus the `variant` if only one counts. No other keys are allowed.',
      risk: [
        stops("Linking a flag stops recordings for everyone who doesn't have it."),
        exposes('Clearing it records everyone, regardless of the flag.', 'off'),
      ],
      synonyms: ['Enable recordings using feature flag', 'Recording feature flag'],
      needs: needsReplay,
      section: 'environment-replay',
      link: 'replay-triggers',
    },
    {
      type: 'object',
      closed: true,
      whole: true,
      pointsTo: 'feature flag',
      required: ['id', 'key'],
      keys: {
        id: described({ type: 'id', since: 'current' }, 'The ID of the flag.'),
        key: described(expected(text), 'The key of the flag.'),
        variant: described(expected(text), 'The variant to record. Any variant when absent.'),
      },
      snippets: [
        snippet('Flag', { id: '^${1:1}', key: '${2:record-sessions}' }, 'Record when this flag is on'),
        snippet(
          'Flag variant',
          { id: '^${1:1}', key: '${2:record-sessions}', variant: '${3:test}' },
          'Record when this variant is served',
        ),
      ],
    },
  ),
  field(
    'replay',
    'session_recording_network_payload_capture_config',
    {
      terraform: 'object',
      title: 'Network payloads',
      text: 'Whether the headers and bodies of network requests are recorded.',
      risk: [
        exposes(
          'Turning on `recordHeaders` or `recordBody` records what your sites send and receive, which can include personal data and tokens.',
        ),
      ],
      synonyms: ['Network payload capture', 'Capture headers', 'Capture body', 'Record network payloads'],
      needs: ['session_recording_opt_in', 'capture_performance_opt_in'],
      section: 'environment-replay',
      link: 'replay-network-headers-payloads',
    },
    {
      type: 'object',
      closed: true,
      keys: {
        recordHeaders: described(flag, 'Records headers.'),
        recordBody: described(flag, 'Records bodies.'),
      },
    },
  ),
  field(
    'replay',
    'session_recording_masking_config',
    {
      title: 'Masking',
      text: 'What recordings hide.',
      risk: [
        exposes('Loosening the masking, or clearing it, records text and input that was hidden before.'),
      ],
      synonyms: ['Privacy and masking', 'Session replay privacy'],
      needs: needsReplay,
      section: 'environment-replay',
      link: 'replay-masking',
    },
    {
      type: 'object',
      closed: true,
      keys: {
        maskAllInputs: { ...flag, notNull: true, text: 'Hides what people type.' },
        maskTextSelector: {
          ...text,
          notNull: true,
          text: 'Hides the text of elements that match this CSS selector; `*` hides all text.',
        },
        blockSelector: {
          ...text,
          notNull: true,
          text: 'Leaves out elements that match this CSS selector.',
        },
      },
    },
  ),
  field(
    'replay',
    'session_recording_trigger_match_type_config',
    {
      title: 'Trigger matching',
      text: 'Whether all triggers or any one of them must match before recording starts.',
      risk: [
        stops('`all` starts fewer recordings than `any`.'),
        exposes('`any` starts more recordings than `all`.'),
      ],
      synonyms: ['Trigger match type'],
      needs: needsReplay,
      section: 'environment-replay',
      link: 'replay-triggers',
    },
    {
      ...oneOf('all', 'any'),
      meanings: { all: 'All triggers must match', any: 'One matching trigger is enough' },
    },
  ),
  field(
    'replay',
    'session_recording_url_trigger_config',
    {
      title: 'URL triggers',
      text: 'Recording starts on URLs that match one of these regular expressions.',
      risk: [
        stops('The first trigger stops recording until its URL is visited.', 'on'),
        exposes('Removing the last trigger records sessions from the start.', 'off'),
      ],
      needs: needsReplay,
      section: 'environment-replay',
      link: 'replay-triggers',
    },
    urlMatchers,
  ),
  field(
    'replay',
    'session_recording_url_blocklist_config',
    {
      title: 'URL blocklist',
      text: 'Recording pauses on URLs that match one of these regular expressions.',
      risk: [
        stops('Adding an expression stops recording on the URLs that match it.', 'on'),
        exposes('Removing an expression records pages that were left out before.'),
      ],
      synonyms: ['Blocked URLs', 'Excluded URLs'],
      needs: needsReplay,
      section: 'environment-replay',
      link: 'replay-triggers',
    },
    urlMatchers,
  ),
  field(
    'replay',
    'session_recording_event_trigger_config',
    {
      title: 'Event triggers',
      text: 'Recording starts when one of these events is captured.',
      risk: [
        stops('The first trigger stops recording until its event is captured.', 'on'),
        exposes('Removing the last trigger records sessions from the start.', 'off'),
      ],
      needs: needsReplay,
      section: 'environment-replay',
      link: 'replay-triggers',
    },
    { ...textsLike('checkout_started'), nullItems: true, anyOrder: true },
  ),
  field(
    'replay',
    'session_recording_trigger_groups',
    {
      title: 'Trigger groups',
      text: 'Groups of triggers, each with its own sample rate and minimum duration.',
      risk: [
        stops('A lower sample rate or narrower conditions record fewer sessions.'),
        exposes('A higher sample rate or wider conditions record more sessions.'),
      ],
      synonyms: ['Recording conditions'],
      needs: needsReplay,
      section: 'environment-replay',
      link: 'replay-triggers',
    },
    triggerGroups,
    added,
  ),
  field(
    'replay',
    'session_replay_config',
    {
      title: 'Replay options',
      text: 'Canvas recording and AI summary options. No other keys are allowed.',
      risk: [
        exposes(
          'Turning on `record_canvas` records what canvas elements show; `ai_config.opt_in` lets AI read recordings.',
        ),
      ],
      synonyms: ['Canvas capture', 'AI summaries', 'AI recording summary'],
      needs: needsReplay,
      section: 'environment-replay',
      link: 'replay-canvas-capture',
    },
    {
      type: 'object',
      closed: true,
      keys: {
        record_canvas: described(expected(flag), 'Records canvas elements.'),
        ai_config: {
          type: 'object',
          closed: true,
          text: 'AI summaries of recordings.',
          keys: {
            opt_in: described(expected(flag), 'Allows AI summaries.'),
            ...allOf('preferred_events excluded_events', expectedTexts('signed_up')),
            ...allOf('included_event_properties important_user_properties', expectedTexts('plan')),
          },
        },
      },
    },
    { ...merged, mergeDepth: 2 },
  ),
];
