export {
  counter,
  defineMetrics,
  gauge,
  histogram,
  type InstrumentKind,
  type InstrumentSpec,
  type InstrumentTable,
  type LabelRule,
} from './declare.ts';
export {
  auditMetrics,
  buildMetrics,
  jobMetrics,
  kernelMetrics,
  sessionMetrics,
  storeMetrics,
  tlsMetrics,
} from './kernel-tables.ts';
export { metricsReference } from './reference.ts';
export { type Counter, type Gauge, type Histogram, type InstrumentsOf, Metrics, type MetricsPage, type Sample } from './registry.ts';
