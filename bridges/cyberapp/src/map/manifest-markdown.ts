import type { Manifest, ManifestCallback, ManifestWorkloadType } from './manifest.ts';

/** The checklist for whoever registers the app in the Vendor Portal. */
export function manifestMarkdown(manifest: Manifest): string {
  const { app, endpoint, enablement, retryPolicy: retry } = manifest;
  const parts = [
    `# ${app} in the Vendor Portal`,
    '## Callback handler',
    table(
      ['Setting', 'Value'],
      [
        ['Base URL', code(endpoint.url)],
        ['Endpoint', code(endpoint.cti)],
        ['Retries', `${retry.kind}, every ${retry.intervalS} s, ${retry.tries} tries, time-out ${retry.timeoutS} s or more`],
        ['Access scopes', manifest.accessScopes.join('; ')],
      ],
    ),
    '## Enablement',
    `${enablement.method}. ${enablement.mapping}.`,
    ...section(
      ['Field', 'Type', 'Id'],
      enablement.form.map(({ label, kind, id }) => [label, kind, code(id)]),
    ),
    '## Callbacks of Acronis',
    table(
      ['Name', 'CTI'],
      manifest.predefinedCallbacks.map(({ name, cti }) => [name, code(cti)]),
    ),
    '## Custom callbacks',
    ...(manifest.customCallbacks.length === 0 ? ['None.'] : manifest.customCallbacks.flatMap(callbackParts)),
    '## Alert categories',
    table(
      ['Title', 'CTI'],
      manifest.alertCategories.map(({ title, cti }) => [title, code(cti)]),
    ),
    '## Alert types',
    table(
      ['Title', 'Severity', 'CTI', 'Category'],
      manifest.alertTypes.map(({ title, severity, cti, category }) => [title, severity, code(cti), code(category)]),
    ),
    '## Workload types',
    ...manifest.workloadTypes.flatMap(workloadParts),
    '## Actions',
    'None.',
  ];
  return `${parts.join('\n\n')}\n`;
}

function callbackParts({ name, cti, request, responses }: ManifestCallback): readonly string[] {
  const rows = responses.map(({ status, type, schema }) => [String(status), code(type), code(JSON.stringify(schema))]);
  return [
    `### ${name}`,
    code(cti),
    table(['Status', 'Type', 'Payload'], [['request', code(request.type), code(JSON.stringify(request.schema))], ...rows]),
  ];
}

function workloadParts({ title, cti, schema, columns, mapsToPlatform }: ManifestWorkloadType): readonly string[] {
  const rows = columns.map(({ attribute, title: label, as, sortable, mapsTo = '' }) => [
    ...[code(attribute), label, as],
    ...[sortable ? 'yes' : 'no', mapsTo],
  ]);
  return [
    `### ${title}`,
    `${code(cti)}. "Map to platform workloads" is ${mapsToPlatform ? 'on' : 'off'}.`,
    table(['Attribute', 'Title', 'Shown as', 'Sortable', 'Maps to'], rows),
    `\`\`\`json\n${JSON.stringify(schema, undefined, 2)}\n\`\`\``,
  ];
}

function section(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  return rows.length === 0 ? [] : [table(head, rows)];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function code(text: string): string {
  return `\`${text}\``;
}
