import { catalogueCheck } from './catalogue.ts';
import type { Check } from './check.ts';
import { configCheck } from './config.ts';
import { errorsCheck } from './errors.ts';
import { exportsCheck } from './exports.ts';
import { formatLintCheck } from './format-lint.ts';
import { importsCheck } from './imports.ts';
import { licencesCheck } from './licences.ts';
import { metricsCheck } from './metrics.ts';
import { namesCheck } from './names.ts';
import { typesCheck } from './types.ts';
import { unusedCheck } from './unused.ts';

/** Every check, in the order in which they run. */
export const checks: readonly Check[] = [
  formatLintCheck,
  typesCheck,
  importsCheck,
  namesCheck,
  unusedCheck,
  errorsCheck,
  configCheck,
  metricsCheck,
  exportsCheck,
  licencesCheck,
  catalogueCheck,
];
