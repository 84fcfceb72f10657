import { testScenarios } from './support/scenario-suite.ts';

testScenarios('SQLite', async () => ({ options: {}, [Symbol.asyncDispose]: async () => undefined }));
