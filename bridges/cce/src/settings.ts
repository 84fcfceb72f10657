import type { FaceSettings } from './api/settings.ts';
import type { CceSettings } from './config.ts';
import type { CommandSettings } from './service/commands/call.ts';

/** Of the configuration, what the JSON face asks. */
export function faceSettings(settings: CceSettings): FaceSettings {
  return {
    maxBody: settings.max_body,
    errorFormat: settings.error_format,
    messageStyle: settings.message_style,
    dataStyle: settings.data_style,
    strictHttp: settings.strict_http,
    loginRedirect: settings.login_redirect,
    servicesFile: settings.services_file,
  };
}

/** Of the configuration, what commands ask. */
export function commandSettings(settings: CceSettings): CommandSettings {
  return {
    authkeyEcho: settings.authkey_echo,
    lowercaseGetobject: settings.lowercase_getobject,
    dtsMode: settings.dts_mode,
    dtsQueueReads: settings.dts_queue_reads,
  };
}
