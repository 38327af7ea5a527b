import type { JsonObject } from './json';
import { productShapes } from './productShapes';
import { allOf, closed, flag, object, oneOf, snippet, text, texts } from './shapeParts';

/*
 * JSON schema fragments of settings whose inside PostHog expects but does not, or not always, check. They guide
 * completion and warn; only the rules of the catalogue keep a document from being saved.
 */

const urlMatchers: JsonObject = {
  type: 'array',
  items: object(
    { url: { type: 'string', description: 'A regular expression.' }, matching: { enum: ['regex'] } },
    { required: ['url', 'matching'] },
  ),
  defaultSnippets: [
    {
      label: 'An address',
      body: [{ url: '${1:https://example.com/checkout.*}', matching: 'regex' }],
      description: 'A list with one regular expression',
    },
  ],
};

const propertyFilter: JsonObject = object(
  {
    key: { type: ['string', 'integer'], description: 'The property; `id` for a cohort.' },
    value: { description: 'What it is compared with; `is_set` needs none.' },
    operator: {
      anyOf: [
        {
          enum: [
            'exact',
            'is_not',
            'icontains',
            'not_icontains',
            'regex',
            'not_regex',
            'gt',
            'gte',
            'lt',
            'lte',
            'is_set',
            'is_not_set',
            'in',
            'not_in',
          ],
        },
        { type: ['string', 'null'] },
      ],
    },
    type: {
      anyOf: [
        { enum: ['person', 'event', 'cohort', 'element', 'group', 'session', 'hogql'] },
        { type: ['string', 'null'] },
      ],
    },
    group_type_index: { type: ['integer', 'null'], minimum: 0 },
  },
  { required: ['key'] },
);

const surveyAppearance: JsonObject = object({
  ...allOf(
    'backgroundColor submitButtonColor submitButtonText submitButtonTextColor textColor textSubtleColor ' +
      'inputBackground ratingButtonColor ratingButtonActiveColor borderColor placeholder thankYouMessageHeader ' +
      'thankYouMessageDescription thankYouMessageCloseButtonText zIndex widgetSelector widgetLabel widgetColor ' +
      'fontFamily disabledButtonOpacity maxWidth boxPadding',
    text(),
  ),
  ...allOf('whiteLabel displayThankYouMessage autoDisappear shuffleQuestions', flag()),
  surveyPopupDelaySeconds: { type: ['number', 'null'], minimum: 0 },
  thankYouMessageDescriptionContentType: oneOf('html', 'text'),
  widgetType: oneOf('button', 'tab', 'selector'),
  position: oneOf(
    ...['top_left', 'top_center', 'top_right', 'middle_left', 'middle_center', 'middle_right'],
    ...['left', 'center', 'right', 'next_to_trigger'],
  ),
});

const modifiers: JsonObject = object(
  {
    personsOnEventsMode: oneOf(
      'disabled',
      'person_id_no_override_properties_on_events',
      'person_id_override_properties_on_events',
      'person_id_override_properties_joined',
    ),
    personsArgMaxVersion: oneOf('auto', 'v1', 'v2'),
    inCohortVia: oneOf('auto', 'leftjoin', 'subquery', 'leftjoin_conjoined'),
    materializationMode: oneOf('auto', 'legacy_null_as_string', 'legacy_null_as_null', 'disabled'),
    personsJoinMode: oneOf('inner', 'left'),
    bounceRatePageViewMode: oneOf('count_pageviews', 'uniq_urls', 'uniq_page_screen_autocaptures'),
    bounceRateDurationSeconds: { type: ['number', 'null'], minimum: 1, maximum: 120 },
    sessionTableVersion: oneOf('auto', 'v1', 'v2', 'v3'),
    sessionsV2JoinMode: oneOf('string', 'uuid'),
    propertyGroupsMode: oneOf('enabled', 'disabled', 'optimized'),
    ...allOf(
      'optimizeJoinedFilters debug timings s3TableUseInvalidColumns useMaterializedViews usePresortedEventsTable ' +
        'useWebAnalyticsPreAggregatedTables formatCsvAllowDoubleQuotes convertToProjectTimezone ' +
        'usePreaggregatedTableTransforms optimizeProjections',
      flag(),
    ),
    customChannelTypeRules: {
      type: ['array', 'null'],
      items: object({
        id: { type: 'string' },
        channel_type: { type: 'string' },
        combiner: { enum: ['AND', 'OR'] },
        items: { type: 'array', items: object({ id: {}, key: {}, op: {}, value: {} }) },
      }),
    },
    dataWarehouseEventsModifiers: {
      type: ['array', 'null'],
      items: object(allOf('table_name timestamp_field distinct_id_field id_field', text())),
    },
  },
  closed,
);

/** Fragments by field key; they take the place of what the catalogue's rule alone would give. */
export const shapes: Readonly<Record<string, JsonObject>> = {
  test_account_filters: {
    type: 'array',
    items: {
      ...propertyFilter,
      defaultSnippets: [
        snippet(
          'Leave out an e-mail domain',
          { key: 'email', value: '${1:@example.com}', operator: 'not_icontains', type: 'person' },
          'Persons whose e-mail contains this text are left out',
        ),
        snippet(
          'Leave out a host',
          {
            // As a snippet's raw text: a bare $ would be a variable of the editor.
            key: '^"\\$host"',
            value: '${1:^(localhost|127\\\\.0\\\\.0\\\\.1)}',
            operator: 'not_regex',
            type: 'event',
          },
          'Events of hosts that match are left out',
        ),
      ],
    },
  },
  path_cleaning_filters: {
    type: 'array',
    items: object(
      {
        alias: text('What is shown instead.'),
        regex: { type: 'string', minLength: 1, description: 'A regular expression (RE2).' },
        order: { type: ['integer', 'null'], description: 'Rules run in this order.' },
      },
      {
        required: ['regex'],
        defaultSnippets: [
          snippet(
            'A rule',
            { regex: '${1:/user/\\\\d+}', alias: '${2:/user/:id}' },
            'Joins paths that match',
          ),
        ],
      },
    ),
  },
  data_attributes: { type: 'array', items: { type: 'string' } },
  correlation_config: object({
    excluded_person_property_names: texts(),
    excluded_event_property_names: texts(),
    excluded_event_names: texts(),
  }),
  autocapture_web_vitals_allowed_metrics: {
    type: 'array',
    uniqueItems: true,
    items: {
      enum: ['CLS', 'FCP', 'INP', 'LCP'],
      enumDescriptions: [
        'Cumulative layout shift: how much the page moves',
        'First contentful paint: when the first content is seen',
        'Interaction to next paint: how fast the page answers',
        'Largest contentful paint: when the main content is seen',
      ],
    },
  },
  logs_settings: object({
    retention_days: { enum: [14, 30, null], description: 'For how many days logs are kept.' },
    retention_last_updated: { description: 'When the retention was last changed; set by PostHog.' },
    capture_console_logs: flag('Keep the browser console as logs.'),
    json_parse_logs: flag('Read log lines that are JSON.'),
    json_parse_logs_attribute_key: { type: ['string', 'null'], maxLength: 200 },
    pii_scrub_logs: flag('Remove personal data from logs.'),
  }),
  session_recording_linked_flag: object(
    {
      id: { type: ['integer', 'string'], description: 'The id of the flag.', pattern: '^\\s*-?\\d+\\s*$' },
      key: { type: 'string', description: 'The key of the flag.' },
      variant: text('Only this variant counts.'),
    },
    {
      required: ['id', 'key'],
      ...closed,
      defaultSnippets: [
        snippet('A flag', { id: '^${1:1}', key: '${2:record-sessions}' }, 'Record when this flag is on'),
        snippet(
          'A variant of a flag',
          { id: '^${1:1}', key: '${2:record-sessions}', variant: '${3:test}' },
          'Record when this variant is shown',
        ),
      ],
    },
  ),
  session_recording_network_payload_capture_config: object(
    { recordHeaders: flag('Record headers.'), recordBody: flag('Record bodies.') },
    closed,
  ),
  session_recording_masking_config: object(
    {
      maskAllInputs: flag('Hide what is typed.'),
      maskTextSelector: text('Hide the text of elements that match this CSS selector; `*` hides all.'),
      blockSelector: text('Leave out elements that match this CSS selector.'),
    },
    closed,
  ),
  session_recording_url_trigger_config: urlMatchers,
  session_recording_url_blocklist_config: urlMatchers,
  session_recording_trigger_groups: object({
    version: { enum: [2] },
    groups: {
      type: 'array',
      items: object(
        {
          id: { type: 'string' },
          name: text(),
          sampleRate: { type: 'number', minimum: 0, maximum: 1 },
          minDurationMs: { type: ['number', 'null'], minimum: 0, maximum: 30000 },
          conditions: object({
            matchType: { enum: ['any', 'all'] },
            events: { type: ['array', 'null'] },
            urls: {
              type: ['array', 'null'],
              items: object({ url: { type: 'string' }, matching: { enum: ['regex'] } }),
            },
            flag: {},
            properties: {},
          }),
        },
        { required: ['id', 'sampleRate', 'conditions'] },
      ),
    },
    fallbackSampleRate: { type: ['number', 'null'], minimum: 0, maximum: 1 },
  }),
  session_replay_config: object(
    {
      record_canvas: flag('Record canvas elements.'),
      ai_config: {
        type: ['object', 'null'],
        properties: {
          opt_in: flag('Allow AI summaries.'),
          preferred_events: texts(),
          excluded_events: texts(),
          included_event_properties: texts(),
          important_user_properties: texts(),
        },
        ...closed,
      },
    },
    closed,
  ),
  survey_config: object({ appearance: { ...surveyAppearance, type: ['object', 'null'] } }),
  extra_settings: object({}, { additionalProperties: { type: ['string', 'number', 'boolean', 'null'] } }),
  modifiers,
  has_completed_onboarding_for: object(
    {},
    { additionalProperties: { type: 'boolean' }, propertyNames: { type: 'string' } },
  ),
  onboarding_tasks: object({}, { additionalProperties: { enum: ['completed', 'skipped'] } }),
  ...productShapes,
  workflows_config: object({
    capture_workflows_engagement_events: flag(),
    email_tracking_consent_mode: oneOf('off', 'opt_out', 'opt_in'),
  }),
};
