export { hashCrypt, hashMd5Crypt, isUsableCrypt, MAX_PASSWORD_BYTES, NOBODY_CRYPT, verifyCrypt } from './crypt.ts';
