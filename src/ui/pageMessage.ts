import * as v from 'valibot';

/**
 * A message from a page. Parsed, because it comes from outside.
 *
 * @param schemas one for each type of message
 * @returns `undefined` if it's none of them
 */
export function pageMessage<Schemas extends readonly v.GenericSchema[]>(
  schemas: Schemas,
  message: unknown,
): v.InferOutput<Schemas[number]> | undefined {
  for (const schema of schemas) {
    const parsed = v.safeParse(schema, message);
    if (parsed.success) {
      return parsed.output;
    }
  }
  return undefined;
}
