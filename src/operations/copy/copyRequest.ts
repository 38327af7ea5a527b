import type { JsonObject } from '../../json/json';
import type { JsonPath } from '../../json/parse';
import { pathName } from '../../json/pathName';
import { settingsField, type SettingsGroup } from '../../settings/catalogue';
import type { EnvironmentAt } from '../services';
import { copiedKeys } from './planCopy';

/** What to copy from an environment: certain settings or parts of them, a group, or everything. */
export class CopyRequest {
  /** @param targets the environments to copy to, if known */
  constructor(
    readonly source: EnvironmentAt,
    private readonly which: readonly JsonPath[] | SettingsGroup | 'all',
    readonly targets?: readonly EnvironmentAt[],
  ) {}

  /** Whether each setting was chosen by name. */
  get isNamed(): boolean {
    return Array.isArray(this.which);
  }

  /** A short description of what is copied. */
  get what(): string {
    if (this.which === 'all') {
      return 'all settings';
    }
    if (!isPaths(this.which)) {
      return this.which.title;
    }
    const [only, ...more] = this.which;
    return only && more.length === 0 ? pathName(only) : `${this.which.length} settings`;
  }

  /** The paths in the settings that are copied. */
  pathsIn(settings: JsonObject): readonly JsonPath[] {
    const { which } = this;
    return which === 'all'
      ? copiedKeys(settings)
      : isPaths(which)
        ? which
        : copiedKeys(settings, ({ group }) => group === which.id);
  }
}

const isPaths = (which: readonly JsonPath[] | SettingsGroup): which is readonly JsonPath[] =>
  Array.isArray(which);

/**
 * The part of a document that is copied for a place in it: the setting, or a part of an object. Array items can't be
 * copied individually.
 */
export function copiedPath(path: JsonPath): JsonPath | undefined {
  const index = path.findIndex((part) => typeof part === 'number');
  const keys = index < 0 ? path : path.slice(0, index);
  return settingsField(String(keys[0]))?.access === 'writable' ? keys : undefined;
}
