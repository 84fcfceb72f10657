import { addressOf, distinct } from './addresses.ts';
import type { Facts } from './facts.ts';
import { flavorHardware } from './hardware.ts';
import { iamOf } from './iam.ts';
import { instanceState } from './states.ts';
import { compact, compactOrNone, memberOf, type Row, rowsIn, someOf, textOf } from './values.ts';

/** A public cloud project, and what its instances refer to. */
export interface ProjectAnswers {
  readonly id: string;
  readonly project: unknown;
  readonly flavors: unknown;
  readonly images: unknown;
}

/** What the facts of instances need of their project, looked up once. */
export interface ProjectBook {
  readonly id: string;
  readonly name: string | undefined;
  readonly flavors: ReadonlyMap<string, Row>;
  readonly images: ReadonlyMap<string, Row>;
}

export function projectBook({ id, project, flavors, images }: ProjectAnswers): ProjectBook {
  const name = textOf(project, 'projectName') ?? textOf(project, 'description');
  return { id, name, flavors: byId(flavors), images: byId(images) };
}

export function instanceFacts(id: string, instance: unknown, project: ProjectBook): Facts {
  const iam = iamOf(memberOf(instance, 'iam'));
  const status = textOf(instance, 'status');
  const flavor = partOf(instance, 'flavor', project.flavors);
  const image = partOf(instance, 'image', project.images);
  return compact({
    displayName: textOf(instance, 'name') ?? iam.displayName ?? id,
    model: textOf(flavor, 'name') ?? textOf(instance, 'flavorName'),
    state: instanceState(status),
    rawState: status ?? '',
    location: compactOrNone({ region: textOf(instance, 'region'), zone: textOf(instance, 'availabilityZone') }),
    ips: someOf(addressesOf(instance)),
    hardware: flavorHardware(flavor),
    os: textOf(image, 'name'),
    project: compact({ id: project.id, name: project.name }),
    iam,
  });
}

/** The object itself where the answer has it, else the one with that id. */
function partOf(instance: unknown, name: string, known: ReadonlyMap<string, Row>): unknown {
  return memberOf(instance, name) ?? known.get(textOf(instance, `${name}Id`) ?? '');
}

/** The schema says `addresses`, what is served is `ipAddresses`; public ones first. */
function addressesOf(instance: unknown) {
  const rows = [...rowsIn(memberOf(instance, 'ipAddresses')), ...rowsIn(memberOf(instance, 'addresses'))];
  const all = distinct(rows.map((row) => addressOf(textOf(row, 'ip'), textOf(row, 'type') ?? 'public')));
  return [...all.filter(({ kind }) => kind === 'public'), ...all.filter(({ kind }) => kind !== 'public')];
}

function byId(list: unknown): Map<string, Row> {
  return new Map(
    rowsIn(list).flatMap((row): [string, Row][] => {
      const id = textOf(row, 'id');
      return id === undefined ? [] : [[id, row]];
    }),
  );
}
