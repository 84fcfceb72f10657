import { flag, number, required, shape, text } from './shape.ts';

/** Who is logged in. */
export interface SessionUser {
  readonly userId: string;
  readonly username: string;
  readonly account: string;
  readonly domainId: string;
  /** 0 user, 1 root admin, 2 domain admin. */
  readonly type: number;
  readonly is2faEnabled: boolean;
  /** Is `true` also for people without a second factor. */
  readonly is2faVerified: boolean;
  /** The server ends a session that is unused for this long, in s. */
  readonly timeoutS: number;
}

const readResponse = shape('login', {
  userid: required(text),
  username: required(text),
  account: required(text),
  domainid: required(text),
  type: required(number),
  sessionkey: required(text),
  is2faenabled: flag,
  is2faverified: flag,
  timeout: number,
});

/** `loginresponse`; its flags and its type are strings (ovirt spec 9.2). */
export function readLogin(value: unknown): { readonly user: SessionUser; readonly sessionKey: string } {
  const found = readResponse(value);
  const user: SessionUser = {
    userId: found.userid,
    username: found.username,
    account: found.account,
    domainId: found.domainid,
    type: found.type,
    is2faEnabled: found.is2faenabled ?? false,
    is2faVerified: found.is2faverified ?? true,
    timeoutS: found.timeout ?? 1800,
  };
  return { user, sessionKey: found.sessionkey };
}
