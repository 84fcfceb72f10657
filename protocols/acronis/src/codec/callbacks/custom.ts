import { type Callback, type CallbackRow, type DeclaredError, finish, type InventoryName, idOf, type UserName } from './callback.ts';
import { array, integer, type JsonSchema, object, string } from './schema.ts';

export interface CustomOptions {
  /** Whether the app version registers the errors of custom callbacks; default true. */
  readonly declaredErrors?: boolean | undefined;
  /** Whether it declares `limit` and `offset` for `users_read`; default false. */
  readonly usersPaging?: boolean | undefined;
}

type Row = Omit<CallbackRow, 'caller' | 'requestType' | 'responseType'>;

const page = { limit: { type: 'integer', minimum: 1, maximum: 5000 }, offset: { type: 'integer', minimum: 0 } } as const;
const paging = object({ offset: integer, limit: integer, total_count: integer });
const user = { id: string, name: string, email: string };

/** CyberApp 2.9: the callbacks of the users' pages. */
export function userCallbacks(app: string, options: CustomOptions): readonly Callback[] {
  const errors = options.declaredErrors === false ? [] : declaredErrors(app);
  const only = (...statuses: readonly number[]) => ({ errors: errors.filter(({ status }) => statuses.includes(status)) });
  const paged = options.usersPaging === true;
  const rows: readonly (Row & { readonly name: UserName })[] = [
    {
      name: 'users_read',
      effect: 'read',
      response: object({ items: array(object(user)) }, paged ? { paging } : {}),
      ...(paged ? { request: object({}, page), ...only(422) } : {}),
    },
    { name: 'user_write', effect: 'write', request: object({ login: string, name: string, email: string }), ...only(404, 409, 422) },
    { name: 'user_update', effect: 'write', request: object(user), ...only(404, 422) },
    { name: 'user_delete', effect: 'write', request: object({ id: string }), ...only(404, 409, 422) },
    { name: 'reset_password', effect: 'write', request: object({ id: string }), ...only(404, 422) },
  ];
  return rows.map((row) => customCallback(app, row, 'users'));
}

/** CyberApp 2.9 "Inventory callbacks": what the connector knows of an organization; registered only where wanted. */
export function inventoryCallbacks(app: string): readonly Callback[] {
  const rows: readonly (Row & { readonly name: InventoryName })[] = [
    {
      name: 'inventory_read',
      effect: 'read',
      response: object({ items: array(object({ id: string, name: string, type: string, state: string, source: string })) }),
    },
    {
      name: 'connector_status_read',
      effect: 'read',
      response: object({ workloads: integer, alerts: integer, blocked: integer }, { last_run: string, last_error: string }),
    },
  ];
  return rows.map((row) => customCallback(app, row, 'inventory'));
}

function customCallback(app: string, row: Row, group: Callback['group']): Callback {
  const context = `${app}.${row.name}`;
  const whole: CallbackRow = {
    ...row,
    caller: 'any',
    requestType: idOf('request', 'v1.0', context),
    responseType: idOf('response', 'v1.0', `${context}_success`),
  };
  return finish(whole, group, idOf('callback', 'v1.0', context));
}

/** One type for each status, because a callback's answers are told apart by it. */
function declaredErrors(app: string): readonly DeclaredError[] {
  const payload: JsonSchema = object({ code: string, message: string }, { field: string });
  const type = (name: string): string => idOf('response', 'v1.0', `${app}.user_error_${name}`);
  return [
    { status: 404, type: type('not_found'), payload, codes: ['tenant_not_mapped', 'user_not_found'] },
    { status: 409, type: type('conflict'), payload, codes: ['login_taken', 'own_account', 'last_account'] },
    { status: 422, type: type('invalid'), payload, codes: ['invalid_field'] },
  ];
}
