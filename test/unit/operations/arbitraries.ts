import fc from 'fast-check';
import type { JsonValue } from '../../../src/json/json';

/** Values of `session_replay_config`, an object that contains an object, which PostHog merges (API facts 4.5). */
export const replayConfigs: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.record(
    {
      record_canvas: fc.boolean(),
      ai_config: fc.oneof(
        fc.constant(null),
        fc.record(
          { opt_in: fc.boolean(), preferred_events: fc.array(fc.constantFrom('a', 'b'), { maxLength: 2 }) },
          { requiredKeys: [] },
        ),
      ),
    },
    { requiredKeys: [] },
  ),
  fc.constant(null),
);
