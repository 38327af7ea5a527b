import type { ServerProfile } from '../../posthog/models';
import { checkSettings } from '../../settings/check';
import { checkNewEnvironment } from '../../settings/newEnvironment';
import { parseDocument, type DocumentProblem } from '../../json/parse';
import { checkTable } from '../../warehouse/table';
import type { DocumentState } from '../documentState';

/**
 * The problems that the catalogue finds in a text while typing. Syntax is left to the JSON language, which already
 * marks it.
 */
export function checkDocument(
  text: string,
  { target, base, role, unreadable }: DocumentState,
  profile: ServerProfile | undefined,
): readonly DocumentProblem[] {
  const parsed = parseDocument(text);
  if (!parsed.ok) {
    return [];
  }
  const generation = profile?.generation ?? 'current';
  if (target.kind === 'new') {
    return checkNewEnvironment(parsed, generation);
  }
  return target.kind === 'settings'
    ? checkSettings(parsed, { base, generation, ...role })
    : checkTable(parsed, { base, generation, takesTypes: profile?.schemaActions?.update_schema, unreadable });
}
