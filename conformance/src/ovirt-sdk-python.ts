import { join } from 'node:path';
import type { Client } from './client.ts';
import { runProgram } from './program.ts';
import { installPython, pythonOf } from './python.ts';
import { StepLines } from './step-lines.ts';

const NAME = 'ovirt-sdk-python';
const RUN_DEADLINE_MS = 600_000;

/** The official Python SDK of oVirt and the client of ovirt-imageio, as they are published on PyPI. */
export const ovirtSdkPython: Client = {
  name: NAME,
  title: 'oVirt Python SDK and ovirt-imageio client',
  install: ({ root, installDir, signal, print }) =>
    installPython({ dir: join(installDir, 'venv'), requirements: join(root, 'conformance', NAME, 'requirements.txt'), signal, print }),
  async run({ world, root, installDir, workDir, signal, print }) {
    const steps = new StepLines();
    const settings = {
      api_url: world.apiUrl,
      ca_file: world.caFile,
      user: world.user,
      password: world.password,
      vm_name: world.vmName,
      pool: world.poolPath,
      work: workDir,
    };
    const code = await runProgram(pythonOf(join(installDir, 'venv')), [join(root, 'conformance', NAME, 'client.py')], {
      cwd: workDir,
      env: { PYTHONDONTWRITEBYTECODE: '1', PYTHONUNBUFFERED: '1' },
      input: JSON.stringify(settings),
      deadlineMs: RUN_DEADLINE_MS,
      signal,
      onLine: (line) => {
        steps.read(line);
        print(line);
      },
    });
    return steps.end(code);
  },
};
