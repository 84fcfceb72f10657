import { join } from 'node:path';
import type { Client } from './client.ts';
import { installPython, pythonOf } from './python.ts';
import { runClientProgram } from './run-client.ts';

const NAME = 'ovirt-sdk-python';

/** The official Python SDK of oVirt and the client of ovirt-imageio, as they are published on PyPI. */
export const ovirtSdkPython: Client = {
  name: NAME,
  title: 'oVirt Python SDK and ovirt-imageio client',
  install: ({ root, installDir, signal, print }) =>
    installPython({ dir: join(installDir, 'venv'), requirements: join(root, 'conformance', NAME, 'requirements.txt'), signal, print }),
  run: (context) =>
    runClientProgram(context, pythonOf(join(context.installDir, 'venv')), [join(context.root, 'conformance', NAME, 'client.py')]),
};
