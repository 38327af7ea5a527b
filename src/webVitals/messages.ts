import * as v from 'valibot';
import { vitalsPlacesSchema } from '../reports/reportTargets';
import type { PanelAction } from './model';

const actions = [
  'refresh',
  'cancel',
  'changePath',
  'comparePath',
  'compareEnvironment',
  'swap',
  'removeSide',
  'openJson',
  'openSetting',
  'replaceKey',
  'showLog',
] as const satisfies readonly PanelAction[];

/** What the page sends. Parsed, because it comes from outside. */
export const fromPageSchemas = [
  v.object({ type: v.literal('ready') }),
  v.object({ type: v.literal('action'), action: v.picklist(actions), side: v.picklist([0, 1]) }),
] as const;

/** What the page keeps across window reloads. */
export const panelStateSchema = v.object({ places: vitalsPlacesSchema });
export type PanelState = v.InferOutput<typeof panelStateSchema>;

/** What the page receives: its content, an announcement for screen readers, and what to keep across reloads. */
export interface ToPage {
  type: 'show';
  html: string;
  announcement: string;
  state: PanelState;
}
