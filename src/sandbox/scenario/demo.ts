import type { JsonObject, JsonValue } from '../json';
import { demoTables } from './demoTables';
import type { Scenario, ScenarioEnvironment } from './scenario';

const COMPANY = 'Hedgehog Outfitters';
const LABS = 'Example Labs';

/** Settings that the shop's three environments share. */
const SHARED: JsonObject = {
  base_currency: 'EUR',
  week_start_day: 1,
  completed_snippet_onboarding: true,
  has_completed_onboarding_for: { product_analytics: true, session_replay: true },
  onboarding_tasks: { ingest_first_event: 'completed', set_up_reverse_proxy: 'skipped' },
  autocapture_web_vitals_opt_in: true,
  person_display_name_properties: ['email', 'name', 'customer_number'],
  correlation_config: {
    excluded_person_property_names: ['internal_notes'],
    excluded_event_names: ['heartbeat'],
  },
  live_events_columns: ['event', 'distinct_id', 'url', 'timestamp'],
  has_group_types: true,
  group_types: [
    {
      group_type: 'company',
      group_type_index: 0,
      name_singular: 'company',
      name_plural: 'companies',
      default_columns: null,
      detail_dashboard: null,
      created_at: '2026-01-05T09:30:00.000000Z',
    },
  ],
  product_intents: [
    {
      product_type: 'session_replay',
      created_at: '2026-01-06T10:00:00.000000Z',
      onboarding_completed_at: null,
      updated_at: '2026-01-06T10:00:00.000000Z',
    },
  ],
  session_recording_masking_config: { maskAllInputs: true, maskTextSelector: '.private' },
};

const PATH_CLEANING: JsonValue = [
  { alias: '/products/<id>', regex: '/products/\\d+', order: 0 },
  { alias: '/orders/<number>', regex: '/orders/[A-Z]{2}-\\d+', order: 1 },
];

function development(): ScenarioEnvironment {
  return {
    id: 1201,
    name: 'Development',
    settings: {
      ...SHARED,
      timezone: 'Europe/Berlin',
      app_urls: ['http://localhost:3000', 'http://localhost:8010'],
      recording_domains: ['http://localhost:3000'],
      anonymize_ips: false,
      autocapture_opt_out: false,
      autocapture_exceptions_opt_in: true,
      capture_console_log_opt_in: true,
      session_recording_opt_in: true,
      session_recording_sample_rate: '1.00',
      session_recording_minimum_duration_milliseconds: 0,
      session_recording_retention_period: '30d',
      surveys_opt_in: true,
      survey_config: {
        appearance: { theme: 'clean', backgroundColor: '#fff8e7', position: 'right', whiteLabel: false },
      },
      heatmaps_opt_in: true,
      capture_dead_clicks: true,
      test_account_filters: [],
      path_cleaning_filters: [],
      default_data_theme: 3,
      modifiers: { debug: true, timings: true },
      extra_settings: { poe_v2_enabled: true },
      logs_settings: { retention_days: 14, capture_console_logs: true, json_parse_logs: true },
      session_recording_linked_flag: null,
      business_model: 'b2c',
    },
    dashboards: [12011, 12012],
    cohorts: { '31': 'Staff' },
    tables: demoTables(),
    storage: [
      {
        url_pattern: 'https://hedgehog-data.s3.amazonaws.com/returns/*.parquet',
        access_key: 'sandbox-access-key',
        columns: {
          return_id: 'integer',
          order_id: 'integer',
          reason: 'string',
          refunded: 'boolean',
          returned_at: 'datetime',
        },
        rows: [
          [1, 1004, 'too small', true, '2026-02-03 09:12:00'],
          [2, 1009, 'changed my mind', false, '2026-02-05 17:40:00'],
        ],
      },
      {
        // Linking reports no problem; a little later it turns out that some weights aren't numbers.
        url_pattern: 'https://hedgehog-data.s3.amazonaws.com/parcels/*.csv',
        access_key: 'sandbox-access-key',
        columns: { parcel_id: 'integer', weight_kg: 'float' },
        rows: [
          [1, 2.5],
          [2, 'unknown'],
        ],
      },
      {
        url_pattern: 'https://hedgehog-data.s3.amazonaws.com/private/*.csv',
        error: 'Access was denied when reading the provided file',
      },
    ],
    web_vitals: {
      '/': { INP: [140, 120], LCP: [2100, 1900], CLS: [0.06, 0.04], FCP: [1200, 1100] },
    },
  };
}

function staging(): ScenarioEnvironment {
  return {
    id: 1202,
    name: 'Staging',
    settings: {
      ...SHARED,
      timezone: 'UTC',
      app_urls: ['https://staging.hedgehog-outfitters.example.com'],
      recording_domains: ['https://staging.hedgehog-outfitters.example.com'],
      anonymize_ips: true,
      autocapture_exceptions_opt_in: true,
      session_recording_opt_in: true,
      session_recording_sample_rate: '0.50',
      session_recording_minimum_duration_milliseconds: 1000,
      session_recording_retention_period: '30d',
      session_recording_url_blocklist_config: [{ url: '/checkout/.*', matching: 'regex' }],
      surveys_opt_in: true,
      survey_config: {
        appearance: { theme: 'clean', backgroundColor: '#ffffff', position: 'right', whiteLabel: true },
      },
      heatmaps_opt_in: true,
      test_account_filters: [
        {
          key: 'email',
          value: '@hedgehog-outfitters.example.com',
          operator: 'not_icontains',
          type: 'person',
        },
      ],
      test_account_filters_default_checked: true,
      path_cleaning_filters: PATH_CLEANING,
      logs_settings: {
        retention_days: 14,
        capture_console_logs: true,
        json_parse_logs: true,
        pii_scrub_logs: true,
      },
      business_model: 'b2c',
    },
    generated_tables: { count: 12, prefix: 'staging_export' },
    web_vitals: {
      '/': { INP: [180, 190], LCP: [2400, 2450], CLS: [0.09, 0.08], FCP: [1500, 1480] },
      '/checkout': { INP: [410, 380], LCP: [3600, 3300], CLS: [0.18, 0.16], FCP: [2500, 2400] },
    },
  };
}

function production(): ScenarioEnvironment {
  return {
    id: 1203,
    name: 'Production',
    settings: {
      ...SHARED,
      timezone: 'America/New_York',
      app_urls: ['https://hedgehog-outfitters.example.com', 'https://*.hedgehog-outfitters.example.com'],
      recording_domains: ['https://hedgehog-outfitters.example.com'],
      anonymize_ips: true,
      autocapture_opt_out: false,
      autocapture_exceptions_opt_in: true,
      autocapture_exceptions_errors_to_ignore: ['ResizeObserver loop limit exceeded'],
      capture_console_log_opt_in: false,
      session_recording_opt_in: true,
      session_recording_sample_rate: '0.10',
      session_recording_minimum_duration_milliseconds: 5000,
      session_recording_retention_period: '90d',
      session_recording_network_payload_capture_config: { recordHeaders: true, recordBody: false },
      session_recording_linked_flag: { id: 77, key: 'record-checkout', variant: 'test' },
      session_recording_trigger_match_type_config: 'any',
      session_recording_event_trigger_config: ['checkout started'],
      session_recording_url_trigger_config: [{ url: '/checkout/.*', matching: 'regex' }],
      session_replay_config: {
        record_canvas: false,
        ai_config: {
          opt_in: true,
          preferred_events: ['checkout started', 'order completed'],
          excluded_events: ['heartbeat'],
        },
      },
      surveys_opt_in: true,
      survey_config: {
        appearance: { theme: 'clean', backgroundColor: '#ffffff', position: 'left', whiteLabel: true },
      },
      heatmaps_opt_in: true,
      cookieless_server_hash_mode: 1,
      test_account_filters: [
        {
          key: 'email',
          value: '@hedgehog-outfitters.example.com',
          operator: 'not_icontains',
          type: 'person',
        },
        { key: '$host', value: '^(localhost|127\\.0\\.0\\.1)($|:)', operator: 'not_regex', type: 'event' },
      ],
      test_account_filters_default_checked: true,
      path_cleaning_filters: PATH_CLEANING,
      modifiers: {
        personsOnEventsMode: 'person_id_override_properties_on_events',
        bounceRateDurationSeconds: 15,
      },
      web_analytics_pre_aggregated_tables_enabled: true,
      feature_flag_confirmation_enabled: true,
      feature_flag_confirmation_message: 'This flag is live for customers. Are you sure?',
      require_evaluation_contexts: true,
      revenue_analytics_config: {
        base_currency: 'EUR',
        events: [
          {
            eventName: 'order completed',
            revenueProperty: 'total',
            revenueCurrencyProperty: { property: 'currency' },
          },
        ],
        goals: [],
        filter_test_accounts: true,
      },
      marketing_analytics_config: {
        sources_map: { 'google-ads': { campaign: 'campaign_name', cost: 'cost_micros', source: null } },
        conversion_goals: [],
        attribution_window_days: 30,
        attribution_mode: 'last_touch',
        campaign_name_mappings: {},
        custom_source_mappings: {},
        campaign_field_preferences: {},
      },
      customer_analytics_config: {
        activity_event: { kind: 'EventsNode', event: '$pageview' },
        signup_event: { kind: 'EventsNode', event: 'account created' },
        payment_event: { kind: 'EventsNode', event: 'order completed' },
      },
      logs_settings: {
        retention_days: 14,
        capture_console_logs: false,
        json_parse_logs: true,
        pii_scrub_logs: true,
      },
      business_model: 'b2c',
      managed_viewsets: { revenue_analytics: true },
    },
    dashboards: [12031, 12032],
    generated_tables: { count: 260, prefix: 'export' },
    web_vitals: {
      '/': { INP: [160, 150], LCP: [2300, 2200], CLS: [0.07, 0.05], FCP: [1500, 1400] },
      '/products/101': { INP: [240, 220], LCP: [2900, 2700], CLS: [0.12, 0.11], FCP: [1900, 1850] },
      '/products/202': { INP: [210, 205], LCP: [2800, 2600], CLS: [0.14, 0.09], FCP: [1950, 1820] },
      '/checkout': { INP: [620, 580], LCP: [4900, 4600], CLS: [0.31, 0.29], FCP: [3400, 3200] },
      '/blog': { INP: [90, 80], LCP: [1500, 1400], CLS: [0.01, 0.02], FCP: [900, 850] },
    },
  };
}

/**
 * A small outdoor shop with development, staging and production, and a second organization. The settings are plausible;
 * people and places are made up. The shop's plan has no custom data themes and keeps recordings for 90 days, which
 * shows how settings behave that depend on the plan.
 */
export function demoScenario(): Scenario {
  return {
    organizations: [
      {
        name: COMPANY,
        features: ['audit_logs'],
        limits: {
          projects: 10,
          environments: 10,
          longest_recording_retention: '90d',
          logs_retention_30_days: false,
        },
        projects: [{ id: 1201, name: 'Online shop', environments: [development(), staging(), production()] }],
      },
      {
        name: LABS,
        features: ['data_color_themes'],
        limits: { projects: 1, environments: 2, longest_recording_retention: '30d' },
        projects: [
          {
            id: 2100,
            name: 'Playground',
            environments: [
              {
                id: 2100,
                name: 'Playground',
                settings: {
                  timezone: 'Australia/Sydney',
                  app_urls: ['https://labs.example.com'],
                  is_demo: true,
                  business_model: 'b2b',
                },
                tables: [
                  {
                    name: 'measurements',
                    format: 'JSONEachRow',
                    url_pattern: 'https://example-labs.s3.amazonaws.com/measurements/*.jsonl',
                    credential: { access_key: 'sandbox-access-key', access_secret: 'sandbox-access-secret' },
                    columns: [
                      { name: 'sensor', type: 'string' },
                      { name: 'celsius', type: 'float' },
                      { name: 'measured_at', type: 'datetime' },
                    ],
                    rows: [
                      ['roof', 21.5, '2026-03-01 12:00:00'],
                      ['cellar', 12.25, '2026-03-01 12:00:00'],
                    ],
                  },
                ],
                web_vitals: {
                  '/': { INP: [100, 95], LCP: [1800, 1700], CLS: [0.02, 0.02], FCP: [1000, 980] },
                },
              },
            ],
          },
        ],
      },
    ],
    users: [
      {
        id: 1,
        first_name: 'Olive',
        last_name: 'Owner',
        email: 'olive@example.com',
        role_at_organization: 'engineering',
        memberships: [
          { organization: COMPANY, level: 15 },
          { organization: LABS, level: 15 },
        ],
      },
      {
        id: 2,
        first_name: 'Max',
        last_name: 'Member',
        email: 'max@example.com',
        role_at_organization: 'data',
        memberships: [{ organization: COMPANY, level: 1 }],
      },
    ],
  };
}
