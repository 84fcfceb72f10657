import type { AnswerStyle } from '../map/answer.ts';

/** Of the configuration, what the JSON face asks (cce 9). */
export interface FaceSettings extends AnswerStyle {
  /** `max_body`: bytes. */
  readonly maxBody: number;
  readonly errorFormat: 'json' | 'text';
  /** `login_redirect`: where a browser is sent. */
  readonly loginRedirect?: string | undefined;
  /** `services_file`: the state file of the service daemon. */
  readonly servicesFile?: string | undefined;
}
