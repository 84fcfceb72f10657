import { type Answer, jsonAnswer } from './answer.ts';

/** An answer that is an error of the API. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly answer: Answer;

  constructor(answer: Answer) {
    super(`answered with ${answer.status}`);
    this.answer = answer;
  }
}

/** The error object of Alert Manager and Workload Management (CyberApp 4.4). */
export function refuse(status: number, code: string, reason: string, domain = 'Request'): Refusal {
  return new Refusal(jsonAnswer(status, { domain, code, reason }));
}

/** That of Account Management (CyberApp 4.6). */
export function accountRefusal(status: number, code: number, message: string): Refusal {
  return new Refusal(jsonAnswer(status, { error: { code, domain: 'AccountServer', message, details: { info: message } } }));
}

export function badMember(member: string, why: string): Refusal {
  return refuse(400, 'InvalidArgument', `${member}: ${why}`);
}

export function accessDenied(reason: string): Refusal {
  return refuse(403, 'AccessDenied', reason, 'Access');
}
