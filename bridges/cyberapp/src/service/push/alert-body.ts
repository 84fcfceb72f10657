import type { AlertDetails, AlertDraft } from '@fairlead/acronis';
import { alertHash } from '../../map/content-hash.ts';
import type { SourceName } from '../../store/tables.ts';

/** An alert as it is sent, but for its stamp, which has a column of its own. */
export type StoredDraft = Omit<AlertDraft, 'sourceTimeStamp'>;

/** What `cyberapp_alerts.body` holds, as JSON. */
export interface AlertBody {
  /** Who tells of the condition: unless it was read whole, nothing is known to be over. */
  readonly source: SourceName;
  /** As it was sent, or as it will be. */
  readonly draft: StoredDraft;
  /** What there is to say now, where that differs from what was sent: at Acronis an alert cannot be changed (cyberapp 5.6). */
  readonly latest?: AlertDetails;
  /** It came and went too often: its end is waited for longer. */
  readonly flapping?: true;
  /** What the Vendor Portal was said to hold when this was made: what was refused is tried again under another one. */
  readonly manifest?: string;
}

/** What this gateway has written itself. */
export function readAlertBody(json: string): AlertBody {
  return JSON.parse(json) as AlertBody;
}

/** Columns of a row that is not sent yet. */
export function unsentContent(body: AlertBody): { readonly body: string; readonly content_hash: string } {
  return { body: JSON.stringify(body), content_hash: alertHash(body.draft) };
}

/** Columns of a row that was sent: the text of now is kept beside that of then. */
export function sentContent(sent: AlertBody, now: AlertBody): { readonly body: string; readonly content_hash: string } {
  const { latest: _before, ...kept } = sent;
  const hash = alertHash(now.draft);
  const body: AlertBody = hash === alertHash(sent.draft) ? kept : { ...kept, latest: now.draft.details };
  return { body: JSON.stringify(body), content_hash: hash };
}
