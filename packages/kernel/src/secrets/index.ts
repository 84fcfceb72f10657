export { equalSecret } from './equal.ts';
export { firstUseOf, type GatewayName, gatewaysAlive, KeyUse, type KeyUseParts, type LiveGateway } from './key-use.ts';
export { hashPassword, isPasswordHash, isWeakerHash, type PasswordCost, verifyPassword } from './password.ts';
export { countDigests, countSealed, kernelDigests, kernelSealed, type ResealReport, resealRows } from './rows.ts';
export type { DigestColumn, SealedColumn } from './sealed.ts';
export { Secrets } from './secrets.ts';
