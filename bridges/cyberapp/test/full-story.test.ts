import { testFullStory } from './support/full-story-suite.ts';

testFullStory('SQLite', async () => ({ options: {}, [Symbol.asyncDispose]: async () => undefined }));
