/** Commands whose answers are not called `<command>response`. */
const OTHERS: Readonly<Record<string, string>> = {
  getUploadParamsForVolume: 'postuploadvolumeresponse',
  getUploadParamsForTemplate: 'postuploadtemplateresponse',
  listVolumesMetrics: 'listvolumesresponse',
};

/** The single top key of an answer (fact 4 of the recordings). */
export function envelopeOf(command: string | undefined): string {
  return command === undefined ? 'null' : (OTHERS[command] ?? `${command.toLowerCase()}response`);
}
