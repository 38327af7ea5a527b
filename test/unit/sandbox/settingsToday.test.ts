import assert from 'node:assert/strict';
import type { JsonObject, JsonValue } from '../../../src/json/json';
import { DEVELOPMENT, assertError, objectOf, sandboxFor, textOf } from './support';

const PATH = `/api/projects/${DEVELOPMENT}/`;
const COHORT = { key: 'id', type: 'cohort', operator: 'not_in', value: 31 };

function group(changes: JsonObject, conditions: JsonObject = {}): JsonObject {
  return { version: 2, groups: [{ id: 'a', sampleRate: 1, conditions, ...changes }] };
}

const goal = (changes: JsonObject = {}): JsonObject => ({
  kind: 'EventsNode',
  name: 'Order',
  conversion_goal_id: '1',
  conversion_goal_name: 'Order',
  schema_map: {},
  ...changes,
});
const warehouseGoal = goal({
  kind: 'DataWarehouseNode',
  id: 'orders',
  id_field: 'order_id',
  distinct_id_field: 'customer',
  table_name: 'orders',
  timestamp_field: 'ordered_at',
  counts_as_revenue: true,
});

describe("sandbox: today's settings (API facts 9.1)", () => {
  const harness = sandboxFor();
  const { call } = harness;
  const patch = (body: JsonObject): ReturnType<typeof call> => call('PATCH', PATH, { body });
  const stored = async (name: string, value: JsonValue): Promise<JsonValue | undefined> => {
    const answer = await patch({ [name]: value });
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual(objectOf(await call('GET', PATH))[name], objectOf(answer)[name]);
    return objectOf(answer)[name];
  };
  const part = async (name: string, value: JsonObject, keys: readonly string[]): Promise<unknown> => {
    const all = (await stored(name, value)) as JsonObject;
    return keys.map((key) => all[key]);
  };

  describe('normalization', () => {
    for (const [name, sent, kept] of [
      ['person_display_name_properties', [' email ', 'name\t'], ['email', 'name']],
      ['live_events_columns', [' event', 'url '], ['event', 'url']],
      ['app_urls', [' https://a.example.com ', '', ' ', null], ['https://a.example.com']],
      ['recording_domains', ['https://a.example.com ', null, ''], ['https://a.example.com']],
      ['session_recording_event_trigger_config', [' checkout '], ['checkout']],
      ['feature_flag_confirmation_message', '  Sure? ', 'Sure?'],
      ['product_description', ' A shop. ', 'A shop.'],
      ['name', ' Development two ', 'Development two'],
      ['session_recording_sample_rate', 0.4, '0.40'],
      ['session_recording_sample_rate', '1', '1.00'],
      ['tags', [' Team-A ', 'TEAM-B', 'team-a'], ['team-a', 'team-b']],
    ] as const) {
      it(`D: ${name} ${JSON.stringify(sent)} becomes ${JSON.stringify(kept)}`, async () => {
        assert.deepEqual(await stored(name, sent as JsonValue), kept);
      });
    }

    it('D: conversations_settings drops empty sites and channels and duplicate channels, and turns "" of Slack into null', async () => {
      const sent = {
        widget_domains: ['https://a.example.com', '', null],
        slack_channel_ids: ['C1', '', 'C2', 'C1', 5, null],
        slack_bot_icon_url: ' ',
        slack_bot_display_name: ' Helper ',
        slack_alert_channel_id: '',
        slack_notify_on_join: 1,
        slack_nudge_enabled: '',
      };
      assert.deepEqual(await part('conversations_settings', sent, Object.keys(sent)), [
        ['https://a.example.com'],
        ['C1', 'C2'],
        null,
        'Helper',
        null,
        true,
        false,
      ]);
      const many = { slack_channel_ids: Array.from({ length: 60 }, (_, index) => `C${index}`) };
      const [ids] = (await part('conversations_settings', many, ['slack_channel_ids'])) as string[][];
      assert.equal(ids?.length, 50);
    });

    it('D: other parts of conversations_settings are stored as sent', async () => {
      const sent = {
        widget_domains: [' https://a.example.com', 'https://b.example.com', 'https://b.example.com'],
        ai_resolution_channels: ['email', 'email'],
        widget_greeting_text: '',
        widget_color: ' red ',
      };
      const keys = Object.keys(sent);
      assert.deepEqual(await part('conversations_settings', sent, keys), Object.values(sent));
    });

    it('D: unknown channels and modes of ai_reply_modes are dropped, and only "how to" can be published', async () => {
      const ai_reply_modes = {
        email: {
          how_to: 'bot_reply',
          diagnostic: 'bot_reply',
          account_billing: 'private_note',
          other: 'bot_reply',
        },
        slack: { how_to: 'shout' },
        fax: { how_to: 'bot_reply' },
        widget: 5,
      };
      assert.deepEqual(await part('conversations_settings', { ai_reply_modes }, ['ai_reply_modes']), [
        { email: { how_to: 'bot_reply', diagnostic: 'private_note', account_billing: 'private_note' } },
      ]);
    });

    it('D: cohort_name is added to a cohort filter that has only the ID (as others report)', async () => {
      const other = { ...COHORT, value: 99 };
      assert.deepEqual(await stored('test_account_filters', [COHORT, other]), [
        { ...COHORT, cohort_name: 'Staff' },
        other,
      ]);
    });

    it('D: the JSON logs key is trimmed', async () => {
      const logs_settings = { json_parse_logs_attribute_key: ' message ' };
      assert.deepEqual(await part('logs_settings', logs_settings, ['json_parse_logs_attribute_key']), [
        'message',
      ]);
    });
  });

  describe('fields', () => {
    it('D: tags, a flag policy and the time of a deletion exist, and no summary config', async () => {
      const all = objectOf(await call('GET', PATH));
      assert.deepEqual(
        [all.feature_flag_policy_config, all.deletion_scheduled_at, all.flag_evaluations_mode],
        [{ require_tags: false }, null, 0],
      );
      assert.ok(!Object.hasOwn(all, 'session_replay_ai_summary_config'));
      const answer = await patch({ session_replay_ai_summary_config: { opt_in: true } });
      assert.deepEqual([answer.status, objectOf(answer).session_replay_ai_summary_config], [200, undefined]);
    });

    it('D: the flag policy merges and accepts booleans', async () => {
      assert.deepEqual(await stored('feature_flag_policy_config', { require_tags: true }), {
        require_tags: true,
      });
      assert.deepEqual(await stored('feature_flag_policy_config', { other: 1 }), { require_tags: true });
      assertError(
        await patch({ feature_flag_policy_config: { require_tags: 'maybe' } }),
        400,
        'invalid_input',
        'Must be a valid boolean.',
        'feature_flag_policy_config__require_tags',
      );
    });

    it('D: heatmaps_screenshot_secret is for project admins, and read-only', async () => {
      const admin = objectOf(await call('GET', PATH)).heatmaps_screenshot_secret;
      assert.match(textOf(admin), /^phh_/);
      assert.equal(objectOf(await call('GET', PATH, { key: 'member' })).heatmaps_screenshot_secret, null);
      const answer = await patch({ heatmaps_screenshot_secret: 'phh_mine', flag_evaluations_mode: 2 });
      const { heatmaps_screenshot_secret: secret, flag_evaluations_mode: mode } = objectOf(answer);
      assert.deepEqual([secret, mode], [admin, 0]);
      assert.equal(objectOf(await call('GET', PATH, { key: 'member' })).heatmaps_screenshot_secret, null);
    });

    it('D: a tag is a string of at most 255 characters', async () => {
      for (const [value, code, attr] of [
        ['a', 'not_a_list', 'tags'],
        [['x'.repeat(256)], 'max_length', 'tags__0'],
        [['a', ' '], 'blank', 'tags__1'],
        [[{}], 'invalid_input', 'tags__0'],
        [null, 'null', 'tags'],
      ] as const) {
        const answer = await patch({ tags: value as JsonValue });
        assert.deepEqual([answer.status, objectOf(answer).code, objectOf(answer).attr], [400, code, attr]);
      }
    });

    it('D: the analytics configs and workflows_config reject null', async () => {
      for (const name of [
        'revenue_analytics_config',
        'marketing_analytics_config',
        'customer_analytics_config',
        'workflows_config',
        'feature_flag_policy_config',
      ]) {
        assertError(await patch({ [name]: null }), 400, 'null', 'This field may not be null.', name);
      }
    });

    it('D: an event of customer analytics is an object or a name, not null', async () => {
      const customer_analytics_config = { activity_event: '$pageview', signup_event: { kind: 'EventsNode' } };
      assert.deepEqual(
        await part('customer_analytics_config', customer_analytics_config, [
          'activity_event',
          'signup_event',
        ]),
        ['$pageview', { kind: 'EventsNode' }],
      );
      assertError(
        await patch({ customer_analytics_config: { payment_event: null } }),
        400,
        'null',
        'This field may not be null.',
        'customer_analytics_config__payment_event',
      );
    });

    it('D: a project can be created without a name, with a test account filter that has its own cohort', async () => {
      const { organization } = objectOf(await call('GET', PATH));
      const url = `/api/organizations/${organization as string}/projects/`;
      const created = objectOf(await call('POST', url, { body: {} }));
      assert.equal(created.name, 'Default project');
      const [filter] = created.test_account_filters as JsonObject[];
      assert.deepEqual([filter?.key, filter?.type, filter?.operator], ['id', 'cohort', 'not_in']);
      const next = objectOf(await call('POST', url, { body: { name: 'Another' } }));
      assert.notEqual((next.test_account_filters as JsonObject[])[0]?.value, filter?.value);
      // The cohort is one that the server knows by its name.
      const test_account_filters = [{ key: 'id', type: 'cohort', value: filter?.value ?? null }];
      const named = await call('PATCH', `/api/projects/${textOf(created.id)}/`, {
        body: { test_account_filters },
      });
      assert.deepEqual(objectOf(named).test_account_filters, [
        { ...test_account_filters[0], cohort_name: 'Internal / Test users' },
      ]);
    });
  });

  describe('workflows_config', () => {
    it('D: sub-fields merge, unknown ones are dropped', async () => {
      const sent = {
        workflow_task_rate_limit_per_day: 500,
        workflow_task_team_rate_limit_per_day: 0,
        marketing_frequency_cap_max_messages: 3,
        marketing_frequency_cap_window_days: 7,
      };
      await stored('workflows_config', { ...sent, other: 1 });
      const answer = (await stored('workflows_config', {
        workflow_task_rate_limit_per_day: null,
      })) as JsonObject;
      assert.deepEqual(answer, {
        capture_workflows_engagement_events: false,
        email_tracking_consent_mode: 'off',
        ...sent,
        workflow_task_rate_limit_per_day: null,
      });
    });

    for (const [what, value, attr] of [
      ['above 500 tasks', { workflow_task_rate_limit_per_day: 501 }, 'workflows_config'],
      ['above 2500 tasks of a team', { workflow_task_team_rate_limit_per_day: 2501 }, 'workflows_config'],
      [
        'tasks below 0',
        { workflow_task_rate_limit_per_day: -1 },
        'workflows_config__workflow_task_rate_limit_per_day',
      ],
      [
        '0 messages',
        { marketing_frequency_cap_max_messages: 0 },
        'workflows_config__marketing_frequency_cap_max_messages',
      ],
      [
        '1001 messages',
        { marketing_frequency_cap_max_messages: 1001 },
        'workflows_config__marketing_frequency_cap_max_messages',
      ],
      [
        '31 days',
        { marketing_frequency_cap_window_days: 31 },
        'workflows_config__marketing_frequency_cap_window_days',
      ],
      [
        'messages without days (inferred wording)',
        { marketing_frequency_cap_max_messages: 3, marketing_frequency_cap_window_days: null },
        'workflows_config',
      ],
    ] as const) {
      it(`D: ${what} is rejected`, async () => {
        const answer = await patch({ workflows_config: value });
        assert.deepEqual([answer.status, objectOf(answer).attr], [400, attr]);
      });
    }

    it('D: a limit above the ceiling is accepted if it is already stored', async () => {
      harness.sandbox.control.patchEnvironment(DEVELOPMENT, {
        workflows_config: { workflow_task_rate_limit_per_day: 900 },
      });
      const body = { workflows_config: { workflow_task_rate_limit_per_day: 900 } };
      assert.equal((await patch(body)).status, 200);
    });
  });

  describe('marketing', () => {
    it('D: accepts more modes, test accounts and complete goals', async () => {
      for (const attribution_mode of ['linear', 'time_decay', 'position_based']) {
        assert.deepEqual(
          await part('marketing_analytics_config', { attribution_mode, filter_test_accounts: true }, [
            'attribution_mode',
            'filter_test_accounts',
          ]),
          [attribution_mode, true],
        );
      }
      const conversion_goals = [goal({ counts_as_customer: false }), warehouseGoal];
      assert.deepEqual(await part('marketing_analytics_config', { conversion_goals }, ['conversion_goals']), [
        conversion_goals,
      ]);
    });

    for (const [of, name] of [
      ...['conversion_goal_id', 'conversion_goal_name', 'kind', 'name', 'schema_map'].map(
        (it) => [goal(), it] as const,
      ),
      ...['distinct_id_field', 'id', 'id_field', 'table_name', 'timestamp_field'].map(
        (it) => [warehouseGoal, it] as const,
      ),
    ]) {
      it(`D: a goal without ${name} is rejected (inferred message)`, async () => {
        const broken: JsonObject = { ...of };
        Reflect.deleteProperty(broken, name);
        const answer = await patch({ marketing_analytics_config: { conversion_goals: [broken] } });
        assert.equal(answer.status, 400, answer.text);
        assert.equal(objectOf(answer).attr, 'marketing_analytics_config__conversion_goals');
      });
    }
    for (const name of ['counts_as_customer', 'counts_as_revenue']) {
      it(`D: ${name} of a goal is a boolean (inferred text)`, async () => {
        const conversion_goals = [goal({ [name]: 'yes' })];
        const answer = await patch({ marketing_analytics_config: { conversion_goals } });
        assert.deepEqual(
          [answer.status, objectOf(answer).attr],
          [400, 'marketing_analytics_config__conversion_goals'],
        );
      });
    }
  });

  describe('property filters', () => {
    for (const operator of [
      ...['starts_with', 'not_starts_with', 'ends_with', 'not_ends_with', 'is_date_exact', 'is_date_before'],
      ...['is_date_after', 'between', 'not_between', 'min', 'max', 'in', 'not_in', 'is_cleaned_path_exact'],
      ...['flag_evaluates_to', 'icontains_multi', 'not_icontains_multi'],
      ...['semver_eq', 'semver_neq', 'semver_gt', 'semver_gte', 'semver_lt', 'semver_lte'],
      ...['semver_tilde', 'semver_caret', 'semver_wildcard'],
    ]) {
      it(`D: ${operator} is an operator`, async () => {
        const filter = { key: 'plan', value: ['a'], operator, type: 'person' };
        assert.deepEqual(await stored('test_account_filters', [filter]), [filter]);
      });
    }
    for (const type of ['person', 'element', 'data_warehouse']) {
      it(`D: a ${type} filter needs an operator`, async () => {
        const answer = await patch({ test_account_filters: [{ key: 'plan', value: 'a', type }] });
        assert.deepEqual([answer.status, objectOf(answer).attr], [400, 'test_account_filters']);
      });
    }
    it('D: an event filter needs no operator', async () => {
      const filter = { key: 'plan', value: 'a', type: 'event' };
      assert.deepEqual(await stored('test_account_filters', [filter]), [filter]);
    });
  });

  describe('trigger groups', () => {
    for (const value of [
      group({}),
      group(
        {},
        { matchType: 'all', events: ['a', { name: 'b' }], urls: [{ url: '^/a', matching: 'regex' }] },
      ),
      group({ minDurationMs: 30000 }, { flag: 'beta' }),
      group({}, { flag: null }),
      group({}, { flag: { key: 'beta', id: 1, variant: 'test' } }),
      group({}, { properties: [{ key: 'plan', type: 'event', operator: 'not_regex', value: 'a' }] }),
      { ...group({}), fallbackSampleRate: 0 },
    ]) {
      it(`D: ${JSON.stringify(value)} is accepted`, async () => {
        assert.deepEqual(await stored('session_recording_trigger_groups', value), value);
      });
    }
    it('3: a property without a type is rejected: the type is event or person (API facts 9.1)', async () => {
      const typed = (type: JsonObject): JsonObject => ({ key: 'plan', value: 'paid', ...type });
      for (const type of [{}, { type: null }, { type: 'group' }]) {
        assertError(
          await patch({ session_recording_trigger_groups: group({}, { properties: [typed(type)] }) }),
          400,
          'invalid_input',
          "Group 0: property 0 must have a 'type' field with value: event, person.",
          'session_recording_trigger_groups',
        );
      }
      for (const type of ['event', 'person']) {
        const value = group({}, { properties: [typed({ type })] });
        assert.deepEqual(await stored('session_recording_trigger_groups', value), value);
      }
    });
    for (const [value, detail] of [
      [group({ minDurationMs: null }), "Group 0: 'minDurationMs' must be an integer, got NoneType."],
      [
        { ...group({}), fallbackSampleRate: null },
        'Invalid fallbackSampleRate: None. Must be a number between 0 and 1.',
      ],
      [group({}, { events: [5] }), "Group 0: event 0 must be a string or object with 'name'."],
      [group({}, { urls: [{ url: '(', matching: 'regex' }] }), "Group 0: invalid regex pattern in URL: '('."],
      [
        group({}, { flag: 5 }),
        "Group 0: 'flag' must be a string (flag key), object (LinkedFeatureFlag), or null.",
      ],
      [
        group({}, { events: [{ name: 'a', properties: [{ key: 'plan', type: 'cohort', value: 1 }] }] }),
        "Group 0, event 'a': property 0 must have a 'type' field with value: event, person.",
      ],
      [
        group({}, { properties: [{ key: 'plan', type: 'person', operator: 'is_set', value: 1 }] }),
        "Group 0: property 0 has invalid operator 'is_set'. Valid operators: exact, gt, icontains, is_not, lt, not_icontains, not_regex, regex.",
      ],
      [
        group({}, { properties: [{ key: 'plan', type: 'person' }] }),
        "Group 0: property 0 must have a 'value' field.",
      ],
    ] as const) {
      it(`D: ${detail}`, async () => {
        assertError(
          await patch({ session_recording_trigger_groups: value }),
          400,
          'invalid_input',
          detail,
          'session_recording_trigger_groups',
        );
      });
    }
  });

  it("D: masking sub-keys can't be null", async () => {
    for (const key of ['maskAllInputs', 'maskTextSelector', 'blockSelector']) {
      const answer = await patch({ session_recording_masking_config: { [key]: null } });
      assert.deepEqual([answer.status, objectOf(answer).attr], [400, 'session_recording_masking_config']);
    }
  });

  it('D: errors to ignore can be 300 characters long, counted as Python writes them', async () => {
    const name = 'autocapture_exceptions_errors_to_ignore';
    // ["a", "…"]: two brackets, two pairs of quotes, a comma and a space.
    const exactly = ['a', 'x'.repeat(300 - 9)];
    assert.deepEqual(await stored(name, exactly), exactly);
    assert.equal((await patch({ [name]: ['a', 'x'.repeat(300 - 8)] })).status, 400);
    assert.equal((await patch({ [name]: ['é'.repeat(49)] })).status, 200);
    assert.equal((await patch({ [name]: ['é'.repeat(50)] })).status, 400);
  });

  it('D: an alias can refer only to groups of its expression', async () => {
    const rule = (regex: string, alias: string): JsonObject => ({
      path_cleaning_filters: [{ regex, alias }],
    });
    for (const [regex, alias] of [
      ['/a/(\\d+)', '/a/\\1'],
      ['/a', '/a/\\0'],
      ['/a', '/a/\\\\1'],
    ] as const) {
      assert.equal((await patch(rule(regex, alias))).status, 200, alias);
    }
    assertError(
      await patch(rule('/a/(\\d+)', '/a/\\2')),
      400,
      'invalid_input',
      "The alias '/a/\\2' references capture group \\2, but its regex has 1 capture group(s). Add the group to the regex or fix the reference.",
      'path_cleaning_filters',
    );
  });

  it('D: at most 50 custom bots are accepted', async () => {
    const bots = (count: number): JsonObject => ({
      modifiers: {
        customBotDefinitions: Array.from({ length: count }, (_, at) => ({ id: String(at), name: 'Bot' })),
      },
    });
    assert.equal((await patch(bots(50))).status, 200);
    assertError(
      await patch(bots(51)),
      400,
      'invalid_input',
      'You can define at most 50 bots.',
      'modifiers__customBotDefinitions',
    );
  });

  for (const [name, value, detail] of [
    ['slack_bot_icon_url', 'http://a.example.com/i.png', 'Must be an HTTPS URL.'],
    [
      'slack_bot_display_name',
      'x'.repeat(201),
      'Must be 200 characters or fewer with no control characters.',
    ],
    ['slack_bot_display_name', 'a\nb', 'Must be 200 characters or fewer with no control characters.'],
    ['slack_alert_channel_id', 5, 'Must be a string.'],
    [
      'ai_resolution_channels',
      ['fax'],
      'Invalid channel(s): fax. Valid options: email, github, slack, teams, widget.',
    ],
    ['ai_reply_modes', [], 'Must be an object or null.'],
  ] as const) {
    it(`D: conversations_settings rejects ${name} ${JSON.stringify(value).slice(0, 30)}`, async () => {
      assertError(
        await patch({ conversations_settings: { [name]: value as JsonValue } }),
        400,
        'invalid_input',
        detail,
        `conversations_settings__${name}`,
      );
    });
  }
});
