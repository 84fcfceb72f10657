import { runtime, serverApi } from './api-error.ts';

/** What the management server asks the agent of a KVM host for during backups and transfers. */
export const AGENT_STEPS = [
  'startBackup',
  'stopBackup',
  'startNbdServer',
  'createImageTransfer',
  'finalizeImageTransfer',
  'deleteCheckpoint',
] as const;

export type AgentStep = (typeof AGENT_STEPS)[number];

/** `unsupported`: an agent that does not know the command. */
export type AgentAnswer = 'unsupported' | { readonly no: string };

/** Class of the answer that the server expected, as its error names it. */
const ANSWER_CLASS: Readonly<Record<AgentStep, string>> = {
  startBackup: 'StartBackupAnswer',
  stopBackup: 'StopBackupAnswer',
  startNbdServer: 'StartNBDServerAnswer',
  createImageTransfer: 'CreateImageTransferAnswer',
  finalizeImageTransfer: 'FinalizeImageTransferAnswer',
  deleteCheckpoint: 'DeleteVmCheckpointAnswer',
};

/** The agent of the one host: says yes to everything until a test tells it otherwise. */
export class HostAgent {
  /** What it was asked, in its order. */
  readonly asked: AgentStep[] = [];
  readonly #answers: Array<{ readonly step: AgentStep; readonly answer: AgentAnswer; times: number }> = [];

  /**
   * Lets it refuse.
   * @param times how often; Infinity until `clear`
   */
  refuse(step: AgentStep, answer: AgentAnswer, times = 1): void {
    this.#answers.push({ step, answer, times });
  }

  clear(step?: AgentStep): void {
    const kept = this.#answers.filter((entry) => step !== undefined && entry.step !== step);
    this.#answers.splice(0, this.#answers.length, ...kept);
  }

  /** What it will refuse. */
  get refusals(): ReadonlyArray<{ readonly step: AgentStep; readonly answer: AgentAnswer; readonly times: number }> {
    return this.#answers.map((entry) => ({ ...entry }));
  }

  /**
   * Asks it.
   * @param text how the server words a refusal
   * @throws ApiError 530
   */
  ask(step: AgentStep, text: (reason: string) => string): void {
    const answer = this.answer(step);
    if (answer === undefined) return;
    throw answer === 'unsupported' ? unsupported(step) : runtime(text(answer.no));
  }

  /** Its answer; undefined is a yes. A refusal is used up. */
  answer(step: AgentStep): AgentAnswer | undefined {
    this.asked.push(step);
    const at = this.#answers.findIndex((entry) => entry.step === step);
    const entry = this.#answers[at];
    if (entry === undefined) return undefined;
    entry.times -= 1;
    if (entry.times <= 0) this.#answers.splice(at, 1);
    return entry.answer;
  }
}

/** An exception of the server's own, which everybody is shown. */
export function unsupported(step: AgentStep): Error {
  return serverApi(
    530,
    `class com.cloud.agent.api.UnsupportedAnswer cannot be cast to class org.apache.cloudstack.backup.${ANSWER_CLASS[step]}`,
  );
}
