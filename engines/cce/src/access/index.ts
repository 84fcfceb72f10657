export { type Access, type AccessOptions, type AccessTrouble, type Allowed, createAccess } from './access.ts';
export { type Expression, type NamedRule, type ParsedExpression, parseExpression, rulesOf } from './expression.ts';
export { functionOf, type NativeRule, ruleOf } from './native-rules.ts';
export type { Caller, Target } from './subject.ts';
