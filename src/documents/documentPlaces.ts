import type { Place, PlaceSource } from '../ui/placeStatus';
import { shownUri } from './saving/activeTab';
import { namesOf } from './uris/addresses';
import type { Documents } from './documents';
import { parseDraftUri } from './uris/draftUri';
import { parseDocumentUri } from './uris/uri';

/** Finds the locations of documents. */
export function documentPlaces(documents: Documents): PlaceSource {
  return {
    onDidChange: documents.onDidChangeState,
    placesOf: (input): readonly Place[] => {
      const shown = shownUri(input);
      const merged = shown && documents.merges.documentOf(shown);
      const uri = merged ?? shown;
      const target = uri && (parseDocumentUri(uri)?.target ?? parseDraftUri(uri));
      if (!target) {
        return [];
      }
      const { connectionId } = target;
      const names = namesOf(uri, target.kind === 'table');
      const organization = names?.organization;
      if (target.kind === 'new') {
        return [{ connectionId, organization }];
      }
      const { environment, kind, name } = target;
      const readOnly = documents.peek(uri)?.readOnly;
      return [
        {
          connectionId,
          organization,
          environment,
          name: kind === 'settings' ? name : names?.environment,
          readOnly,
          // A merge editor has its own comparison.
          ...(!merged && { isDocument: true }),
        },
      ];
    },
  };
}
