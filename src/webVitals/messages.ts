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
] as const satisfies readonly PanelAction[];

/** What the page sends. Parsed: a page is outside. */
export const fromPageSchema = v.variant('type', [
  v.object({ type: v.literal('ready') }),
  v.object({ type: v.literal('action'), action: v.picklist(actions), side: v.picklist([0, 1]) }),
]);

/** What the page keeps over a reload of the window. */
export const panelStateSchema = v.object({ places: vitalsPlacesSchema });
export type PanelState = v.InferOutput<typeof panelStateSchema>;

/** What the page is told: its content, what a screen reader says of it, and what to keep over a reload. */
export interface ToPage {
  type: 'show';
  html: string;
  announcement: string;
  state: PanelState;
}
