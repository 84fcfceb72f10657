import { defineErrors } from '@fairlead/kernel/errors';

/** What the engine rejects with; what a caller of a command did wrong is in its reply instead. */
export const CceEngineError = defineErrors({
  CCE_ENGINE_NO_USER: {
    status: 401,
    blame: 'caller',
    text: 'There is no enabled user {user}.',
    help: 'Make the User in CCE, or set its `enabled` to 1.',
  },
  CCE_ENGINE_NO_OID: {
    status: 507,
    blame: 'gateway',
    text: 'All 2147483647 object ids are in use.',
    help: 'Destroy objects that are not needed.',
  },
  CCE_ENGINE_INSTALL: {
    status: 409,
    blame: 'caller',
    text: 'Object {oid} cannot be put: its id is taken, or a value of it that must be unique is.',
    help: 'Begin with an empty store, or leave this object out.',
  },
  CCE_ENGINE_CLOSED: {
    status: 503,
    blame: 'gateway',
    text: 'The CCE engine is shutting down.',
    help: 'Try again when the gateway is up again.',
  },
});
