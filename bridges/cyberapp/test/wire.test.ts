import { testWire } from './support/wire-suite.ts';

testWire('SQLite', async () => ({ options: {}, [Symbol.asyncDispose]: async () => undefined }));
