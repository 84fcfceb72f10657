import type { Agents, Agent as EnrolledAgent } from '@fairlead/kernel/agents';
import type { HostRef } from '@fairlead/kernel/services';
import { ImageError } from '../../errors.ts';

export interface FoundAgent {
  readonly agent: EnrolledAgent;
  readonly host: HostRef;
}

/** Finds the agent that runs on a host of the cloud. */
export class AgentDirectory {
  readonly #agents: Agents;

  constructor(agents: Agents) {
    this.#agents = agents;
  }

  /** The agent of the first host that has one, by address or name. Throws `IMAGE_NO_AGENT`. */
  async find(hosts: readonly HostRef[]): Promise<FoundAgent> {
    const agents = await this.#agents.list();
    for (const host of hosts) {
      const known = new Set([host.name, ...host.addresses].map((word) => word.toLowerCase()));
      const agent = agents.find((one) => one.addresses.some((address) => known.has(address.toLowerCase())));
      if (agent) return { agent, host };
    }
    throw ImageError('IMAGE_NO_AGENT', { hosts: hosts.map((host) => host.name).join(', ') || 'no host' });
  }

  /** An agent that carries something already. Throws `IMAGE_NO_AGENT` when it was removed. */
  async get(id: string): Promise<EnrolledAgent> {
    const agent = await this.#agents.get(id);
    if (!agent) throw ImageError('IMAGE_NO_AGENT', { hosts: id });
    return agent;
  }
}
