export { FakeClock } from './fake-clock.ts';
export { FakeCloudStack, type FakeCloudStackOptions, type FakeUser } from './fake-cloud-stack.ts';
export { type Fault, Faults } from './faults.ts';
export type { Account, Network, Nic, User, Vm, VmState, Volume, VolumeState } from './model.ts';
export type { NewDisk, NewWorkVm } from './stock.ts';
export { Throttle } from './throttle.ts';
