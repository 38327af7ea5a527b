import type { EnvironmentAt } from '../operations/services';

/** A setting of an environment, as commands receive it. */
export class SettingAt {
  constructor(
    readonly environment: EnvironmentAt,
    readonly key: string,
  ) {}
}
