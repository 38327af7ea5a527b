import assert from 'node:assert/strict';
import type { JsonObject, JsonValue } from '../../../src/json/json';
import { DEVELOPMENT, assertError, inBothGenerations, objectOf, sandboxFor, textOf } from './support';

const PATH = `/api/environments/${DEVELOPMENT}/`;

/** Every value of every HogQLQueryModifiers choice. */
const MODIFIERS: Record<string, readonly JsonValue[]> = {
  personsOnEventsMode: [
    'disabled',
    'person_id_no_override_properties_on_events',
    'person_id_override_properties_on_events',
    'person_id_override_properties_joined',
  ],
  personsArgMaxVersion: ['auto', 'v1', 'v2'],
  inCohortVia: ['auto', 'leftjoin', 'subquery', 'leftjoin_conjoined'],
  materializationMode: ['auto', 'legacy_null_as_string', 'legacy_null_as_null', 'disabled'],
  personsJoinMode: ['inner', 'left'],
  bounceRatePageViewMode: ['count_pageviews', 'uniq_urls', 'uniq_page_screen_autocaptures'],
  bounceRateDurationSeconds: [1, 120],
  sessionTableVersion: ['auto', 'v1', 'v2', 'v3'],
  sessionsV2JoinMode: ['string', 'uuid'],
  propertyGroupsMode: ['enabled', 'disabled', 'optimized'],
  ...Object.fromEntries(
    [
      'optimizeJoinedFilters',
      'debug',
      'timings',
      's3TableUseInvalidColumns',
      'useMaterializedViews',
      'usePresortedEventsTable',
      'useWebAnalyticsPreAggregatedTables',
      'formatCsvAllowDoubleQuotes',
      'convertToProjectTimezone',
      'usePreaggregatedTableTransforms',
      'optimizeProjections',
    ].map((name) => [name, [true, false]]),
  ),
  customChannelTypeRules: [
    [
      {
        id: '1',
        channel_type: 'Paid',
        combiner: 'AND',
        items: [{ id: '2', key: 'utm_source', op: 'exact', value: ['x'] }],
      },
    ],
  ],
  dataWarehouseEventsModifiers: [
    [{ table_name: 'orders', timestamp_field: 'at', distinct_id_field: 'customer', id_field: 'id' }],
  ],
};

const APPEARANCE: JsonObject = {
  backgroundColor: '#fff',
  submitButtonText: 'Send',
  whiteLabel: true,
  surveyPopupDelaySeconds: 3,
  thankYouMessageDescriptionContentType: 'html',
  widgetType: 'selector',
  position: 'next_to_trigger',
  somethingNewer: 'kept',
};

const GROUPS: JsonObject = {
  version: 2,
  groups: [
    {
      id: 'checkout',
      name: 'Checkout',
      sampleRate: 0.5,
      minDurationMs: 30000,
      conditions: { matchType: 'any', urls: [{ url: '/checkout', matching: 'regex' }], events: ['paid'] },
    },
  ],
  fallbackSampleRate: 0.1,
};

describe('sandbox: nested shapes (API facts 4.8)', () => {
  inBothGenerations((generation) => {
    const harness = sandboxFor({ generation });
    const { call } = harness;
    const patch = async (body: JsonObject): Promise<JsonObject> => {
      const answer = await call('PATCH', PATH, { body });
      assert.equal(answer.status, 200, answer.text);
      return objectOf(answer);
    };

    it('every modifier accepts each of its values', async () => {
      for (const [name, values] of Object.entries(MODIFIERS)) {
        for (const value of values) {
          const stored = (await patch({ modifiers: { [name]: value } })).modifiers as JsonObject;
          assert.deepEqual(stored[name], value, name);
        }
      }
    });

    it('the appearance of surveys accepts any key, and so does survey_config', async () => {
      const survey_config = { appearance: APPEARANCE, other: 1 };
      assert.deepEqual((await patch({ survey_config })).survey_config, survey_config);
    });

    it('deeper dictionaries of session_replay_config are replaced', async () => {
      harness.sandbox.control.patchEnvironment(DEVELOPMENT, {
        session_replay_config: { ai_config: { preferred_events: ['a'], opt_in: false } },
      });
      const sent = { record_canvas: false, ai_config: { preferred_events: [], opt_in: true } };
      assert.deepEqual((await patch({ session_replay_config: sent })).session_replay_config, sent);
    });

    it('conversion goals are replaced whole, campaign settings are stored', async () => {
      const goal = {
        kind: 'EventsNode',
        name: 'Order',
        conversion_goal_id: '1',
        conversion_goal_name: 'Order',
        schema_map: {},
      };
      await patch({ marketing_analytics_config: { conversion_goals: [goal, goal] } });
      const { marketing_analytics_config: stored } = await patch({
        marketing_analytics_config: {
          conversion_goals: [goal],
          attribution_window_days: 1,
          campaign_name_mappings: { google: { spring: ['spring-26'] } },
          custom_source_mappings: { google: ['adwords'] },
          campaign_field_preferences: { google: { match_field: 'campaign_id' } },
        },
      });
      assert.deepEqual(
        { ...(stored as JsonObject), sources_map: null, attribution_mode: null },
        {
          ...(generation === 'current' ? { filter_test_accounts: false } : {}),
          sources_map: null,
          attribution_mode: null,
          conversion_goals: [goal],
          attribution_window_days: 1,
          campaign_name_mappings: { google: { spring: ['spring-26'] } },
          custom_source_mappings: { google: ['adwords'] },
          campaign_field_preferences: { google: { match_field: 'campaign_id' } },
        },
      );
      assertError(
        await call('PATCH', PATH, { body: { marketing_analytics_config: { attribution_window_days: 0 } } }),
        400,
        'min_value',
        'Ensure this value is greater than or equal to 1.',
        'marketing_analytics_config__attribution_window_days',
      );
    });

    it('malformed revenue events are 500, and nothing is stored (inferred)', async () => {
      const before = harness.sandbox.control.environment(DEVELOPMENT);
      for (const events of [[1], [{ eventName: 'order' }]]) {
        const body = { timezone: 'Asia/Tokyo', revenue_analytics_config: { events } };
        assertError(await call('PATCH', PATH, { body }), 500, 'error', 'A server error occurred.');
      }
      assert.deepEqual(harness.sandbox.control.environment(DEVELOPMENT), before);
      const events = [{ eventName: 'order', revenueProperty: 'total' }];
      const { revenue_analytics_config: stored } = await patch({ revenue_analytics_config: { events } });
      assert.deepEqual((stored as JsonObject).events, events);
    });

    it('revenue goals exist in the seed era only', async () => {
      const goals = [{ name: 'Year', due_date: '2026-12-31', goal: 100 }];
      const { revenue_analytics_config: stored } = await patch({ revenue_analytics_config: { goals } });
      assert.deepEqual((stored as JsonObject).goals, generation === 'documented' ? goals : undefined);
    });

    it('account_group_type_index exists on newer servers only', async () => {
      for (const index of [0, null]) {
        const { customer_analytics_config: stored } = await patch({
          customer_analytics_config: { account_group_type_index: index },
        });
        assert.deepEqual(
          (stored as JsonObject).account_group_type_index,
          generation === 'current' ? index : undefined,
        );
      }
    });

    it('managed keys of conversations are dropped on write', async () => {
      harness.sandbox.control.patchEnvironment(DEVELOPMENT, { conversations_settings: null });
      const managed = {
        widget_public_token: 'x',
        slack_bot_token: 'x',
        slack_team_id: 'x',
        slack_enabled: true,
        slack_scopes: 'x',
        email_enabled: true,
        teams_tenant_id: 'x',
      };
      const kept = {
        widget_require_email: true,
        ai_resolution_channels: ['widget', 'email', 'slack', 'teams', 'github'],
        ai_reply_modes: { email: { how_to: 'private_note' } },
      };
      const { conversations_settings: stored } = await patch({
        conversations_settings: { ...managed, ...kept },
      });
      assert.deepEqual(stored, kept);
      await patch({ conversations_settings: { ai_reply_modes: null } });
    });

    it('an unknown channel of conversations is rejected (inferred)', async () => {
      const answer = await call('PATCH', PATH, {
        body: { conversations_settings: { ai_resolution_channels: ['fax'] } },
      });
      assert.equal(answer.status, 400);
    });

    it('logs_settings: the server sets the time of the last change and keeps unknown keys', async () => {
      harness.sandbox.control.patchEnvironment(DEVELOPMENT, { logs_settings: null });
      const sent = {
        retention_last_updated: '2000-01-01T00:00:00Z',
        json_parse_logs_attribute_key: 'x'.repeat(200),
        newer: 1,
      };
      const { logs_settings: stored } = await patch({ logs_settings: sent });
      assert.deepEqual(stored, { json_parse_logs_attribute_key: 'x'.repeat(200), newer: 1 });
      const long = { json_parse_logs_attribute_key: 'x'.repeat(201) };
      assert.equal((await call('PATCH', PATH, { body: { logs_settings: long } })).status, 400);
    });
  });

  describe('rejected by a current server', () => {
    const { call } = sandboxFor();
    for (const [name, value, detail] of [
      ['session_replay_config', { other: 1 }, /^Must provide a dictionary with only allowed keys: /],
      ['session_recording_masking_config', { other: 1 }, /^Must provide a dictionary with only /],
      ['session_recording_masking_config', { maskAllInputs: 'yes' }, /maskAllInputs/],
      ['session_recording_network_payload_capture_config', { recordBody: 'yes' }, /recordBody/],
      ['survey_config', ['x'], /^Must provide a dictionary/],
      ['modifiers', { inCohortVia: 'magic' }, /"magic" is not a valid choice/],
      ['modifiers', { debug: 'yes' }, /valid boolean/],
      ['modifiers', { customChannelTypeRules: {} }, /list/],
      ['primary_dashboard', 424242, /does not exist/],
      ['revenue_analytics_config', { events: 'x' }, /list/],
      ['logs_settings', { capture_console_logs: 'x' }, /boolean/],
      ['session_recording_trigger_groups', { version: 1, groups: [] }, /version/],
      [
        'session_recording_trigger_groups',
        { version: 2, groups: [{ id: 'a', sampleRate: 2, conditions: {} }] },
        /between 0 and 1/,
      ],
      [
        'session_recording_trigger_groups',
        { version: 2, groups: [{ id: 'a', sampleRate: 1, conditions: {}, minDurationMs: 30001 }] },
        /30000/,
      ],
      [
        'session_recording_trigger_groups',
        { version: 2, groups: [{ id: 'a', sampleRate: 1, conditions: { matchType: 'some' } }] },
        /matchType/,
      ],
      [
        'session_recording_trigger_groups',
        {
          version: 2,
          groups: [
            {
              id: 'a',
              sampleRate: 1,
              conditions: { matchType: 'any', urls: [{ url: '/a', matching: 'exact' }] },
            },
          ],
        },
        /matching/,
      ],
      [
        'session_recording_trigger_groups',
        { version: 2, groups: [], fallbackSampleRate: 1.5 },
        /fallbackSampleRate.*between 0 and 1/,
      ],
      ['conversations_settings', { widget_require_email: 'yes' }, /boolean/],
      ['marketing_analytics_config', { sources_map: { a: 1 } }, /dictionary of texts/],
      ['marketing_analytics_config', { sources_map: { a: { cost: 1 } } }, /dictionary of texts/],
      ['marketing_analytics_config', { conversion_goals: [{ kind: 'Other' }] }, /EventsNode/],
      ['marketing_analytics_config', { campaign_name_mappings: { google: ['x'] } }, /lists of texts/],
      ['marketing_analytics_config', { custom_source_mappings: { google: 'x' } }, /list of texts/],
      [
        'marketing_analytics_config',
        { campaign_field_preferences: { google: { match_field: 'x' } } },
        /match_field/,
      ],
      ['workflows_config', { email_tracking_consent_mode: 'maybe' }, /"maybe" is not a valid choice/],
    ] as const) {
      it(`${name} = ${JSON.stringify(value)} (inferred wording)`, async () => {
        const answer = await call('PATCH', PATH, { body: { [name]: value } });
        assert.equal(answer.status, 400, answer.text);
        assert.equal(objectOf(answer).type, 'validation_error');
        assert.match(textOf(objectOf(answer).attr), new RegExp(`^${name}`));
        assert.match(textOf(objectOf(answer).detail), detail);
      });
    }
  });

  describe('newer fields of a current server (API facts 4.5, end)', () => {
    const harness = sandboxFor();
    const { call } = harness;

    it('session_recording_trigger_groups', async () => {
      const answer = await call('PATCH', PATH, { body: { session_recording_trigger_groups: GROUPS } });
      assert.deepEqual(objectOf(answer).session_recording_trigger_groups, GROUPS);
    });

    it('workflows_config updates the sub-fields sent', async () => {
      const body = { workflows_config: { email_tracking_consent_mode: 'opt_in' } };
      assert.deepEqual(objectOf(await call('PATCH', PATH, { body })).workflows_config, {
        capture_workflows_engagement_events: false,
        email_tracking_consent_mode: 'opt_in',
        workflow_task_rate_limit_per_day: null,
        workflow_task_team_rate_limit_per_day: null,
        marketing_frequency_cap_max_messages: null,
        marketing_frequency_cap_window_days: null,
      });
    });

    it('proactive_tasks_enabled is 403 for outsiders (inferred wording)', async () => {
      const body = { proactive_tasks_enabled: true };
      const refused = await call('PATCH', PATH, { body });
      assert.deepEqual([refused.status, objectOf(refused).code], [403, 'permission_denied']);
      const { organization } = harness.sandbox.control.environment(DEVELOPMENT);
      harness.sandbox.control.setFeature(textOf(organization), 'proactive_tasks', true);
      assert.equal(objectOf(await call('PATCH', PATH, { body })).proactive_tasks_enabled, true);
    });

    for (const name of [
      'is_pending_deletion',
      'event_retention_months',
      'events_retention_enforced',
      'available_setup_task_ids',
    ]) {
      it(`${name} is read-only`, async () => {
        const before = objectOf(await call('GET', PATH))[name];
        assert.notEqual(before, undefined);
        const answer = await call('PATCH', PATH, { body: { [name]: 'changed' } });
        assert.deepEqual([answer.status, objectOf(answer)[name]], [200, before]);
      });
    }
  });

  describe('experiment settings, which only documented servers have', () => {
    const documented = sandboxFor({ generation: 'documented' });
    const patch = (body: JsonObject): ReturnType<typeof documented.call> =>
      documented.call('PATCH', `/api/environments/${DEVELOPMENT}/`, { body });

    for (const [name, value, shown] of [
      ['experiment_recalculation_time', '04:30:00', '04:30:00'],
      ['experiment_recalculation_time', null, null],
      ['default_experiment_confidence_level', 0.95, '0.95'],
      ['default_experiment_confidence_level', null, null],
    ] as const) {
      it(`${name} = ${JSON.stringify(value)}`, async () => {
        assert.equal(objectOf(await patch({ [name]: value }))[name], shown);
      });
    }
    it('a time or a number that is none is rejected', async () => {
      assertError(
        await patch({ experiment_recalculation_time: '25:00:00' }),
        400,
        'invalid_input',
        'Time has wrong format. Use one of these formats instead: hh:mm[:ss[.uuuuuu]].',
        'experiment_recalculation_time',
      );
      assertError(
        await patch({ default_experiment_confidence_level: 0.955 }),
        400,
        'max_decimal_places',
        'Ensure that there are no more than 2 decimal places.',
        'default_experiment_confidence_level',
      );
    });
  });

  describe('slack_incoming_webhook', () => {
    const { call } = sandboxFor({ generation: 'documented' });
    const patch = (value: JsonValue): ReturnType<typeof call> =>
      call('PATCH', PATH, { body: { slack_incoming_webhook: value } });

    it('is a string of at most 500 characters in the seed era', async () => {
      for (const value of ['https://hooks.example.com/x', '', null]) {
        assert.equal(objectOf(await patch(value)).slack_incoming_webhook, value);
      }
      assertError(
        await patch('x'.repeat(501)),
        400,
        'max_length',
        'Ensure this field has no more than 500 characters.',
        'slack_incoming_webhook',
      );
    });
  });

  describe('logs retention', () => {
    let nowMs = Date.UTC(2026, 4, 1);
    const { call } = sandboxFor({ now: () => new Date(nowMs) });
    const path = '/api/projects/2100/';
    const retain = (days: number): ReturnType<typeof call> =>
      call('PATCH', path, { body: { logs_settings: { retention_days: days } } });

    it('can change again after 24 hours; the message says how many are left', async () => {
      assert.equal((await retain(30)).status, 200);
      nowMs += 22.5 * 3_600_000;
      const early = await retain(14);
      assert.equal(
        objectOf(early).detail,
        'You can only update retention settings once per 24 hours. Please wait 2 more hour(s).',
      );
      assert.equal((await retain(30)).status, 200, "the same value isn't a change");
      nowMs += 1.5 * 3_600_000;
      assert.equal((await retain(14)).status, 200);
    });
  });
});
