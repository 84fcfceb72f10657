import { AsyncScope, type Bridge } from '@fairlead/kernel/lifecycle';
import { imageSection } from './config.ts';
import { ImageError } from './errors.ts';
import { openAgentFaces, openGatewayFaces } from './faces.ts';
import { imageMetrics } from './metrics.ts';
import { imageMigrations } from './tables.ts';

/** Disk images over HTTPS for backup tools: image server and agent of a KVM host, image proxy and services of a gateway. */
export const bridge: Bridge<readonly [typeof imageSection], unknown> = {
  id: 'image',
  title: 'Disk images',
  config: [imageSection],
  errors: ImageError.specs,
  migrations: imageMigrations,
  metrics: [imageMetrics],
  sealed: [],
  digests: [
    { table: 'image_tickets', column: 'digest', created: 'created_ms' },
    { table: 'image_routes', column: 'digest', created: 'created_ms' },
  ],
  async start(context, { image }) {
    const scope = new AsyncScope();
    try {
      const agent = image.role === 'proxy' ? {} : await openAgentFaces(scope, context, image);
      const gateway = image.role === 'server' ? {} : await openGatewayFaces(scope, context, image);
      const addresses = { ...agent, ...gateway };
      return {
        plugins: [],
        addresses,
        health: () => Promise.resolve({ ok: true, facts: { role: image.role, ...addresses } }),
        [Symbol.asyncDispose]: () => scope[Symbol.asyncDispose](),
      };
    } catch (error) {
      await scope[Symbol.asyncDispose]();
      throw error;
    }
  },
};
