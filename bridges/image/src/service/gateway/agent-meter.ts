import type { Metrics } from '@fairlead/kernel/metrics';
import { imageMetrics } from '../../metrics.ts';

/** Told of every call to an agent. */
export type AgentMeter = (agent: string, outcome: 'answered' | 'unreachable', seconds: number) => void;

/** Counts the calls to agents, and remembers of each whether the last one was answered. */
export function agentMeter(metrics: Metrics): AgentMeter {
  const { agentCalls, agents } = metrics.use(imageMetrics);
  return (agent, outcome, seconds) => {
    agentCalls.observe({ outcome }, seconds);
    agents.set({ agent }, outcome === 'answered' ? 1 : 0);
  };
}
