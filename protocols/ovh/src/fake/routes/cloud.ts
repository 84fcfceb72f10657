import type { Json, Row } from '../json.ts';
import type { Project } from '../world/state.ts';
import { listing, reading, rowsBelow, SERVICE_INFOS_BODY, taggedIds, tagsOf, writing } from './lists.ts';
import { type Asked, param, type Route, rowOf } from './route.ts';

const PROJECT = '/cloud/project/{serviceName}';

/** Public cloud (10.1): below a project the lists are of objects, as the API has them. */
export const cloudRoutes: readonly Route[] = [
  ...listing({
    path: '/cloud/project',
    variable: 'serviceName',
    model: 'cloud.ProjectWithIAM',
    query: { iamTags: 'map?' },
    all: (asked) => taggedIds(asked, asked.world.state.projects, (entry) => entry.project).filter((id) => isListed(asked, id)),
    one: (id, asked) => rowOf(asked.world.state.projects, id, 'serviceName').project,
  }),
  writing(PROJECT, { description: 'string?', manualQuota: 'boolean?' }, (asked) => projectOf(asked).project),
  reading(`${PROJECT}/serviceInfos`, 'services.Service', (asked) => projectOf(asked).serviceInfos),
  writing(`${PROJECT}/serviceInfos`, SERVICE_INFOS_BODY, (asked) => projectOf(asked).serviceInfos),
  ...rowsBelow({ path: `${PROJECT}/region`, variable: 'regionName', model: 'cloud.Region' }, (asked) => projectOf(asked).regions),
  objects('instance', 'cloud.instance.Instance', (project) => [...project.instances.values()]),
  reading(`${PROJECT}/instance/{instanceId}`, 'cloud.instance.InstanceDetail', instanceDetail),
  ...objectsAndOne('flavor', 'flavorId', 'cloud.flavor.Flavor', (project) => project.flavors),
  ...objectsAndOne('image', 'imageId', 'cloud.image.Image', (project) => project.images),
  ...objectsAndOne('volume', 'volumeId', 'cloud.volume.Volume', (project) => project.volumes),
  ...objectsAndOne('sshkey', 'keyId', 'cloud.sshkey.SshKey', (project) => project.sshKeys),
  {
    method: 'GET',
    path: '/v2/publicCloud/project',
    summary: 'List all projects',
    answer: 'publicCloud.project.ProjectWithIAM[]',
    paged: true,
    run: ({ world }) => [...world.state.projects.values()].map(({ project }) => projectV2(project)),
  },
  {
    method: 'GET',
    path: '/v2/publicCloud/project/{projectId}',
    summary: 'Get a project',
    answer: 'publicCloud.project.ProjectWithIAM',
    run: (asked) => projectV2(rowOf(asked.world.state.projects, param(asked, 'projectId'), 'projectId').project),
  },
];

/** A project that was deleted is found by its id alone. */
function isListed(asked: Asked, id: string): boolean {
  return ['creating', 'ok', 'suspended'].includes(String(asked.world.state.projects.get(id)?.project.status));
}

function projectOf(asked: Asked): Project {
  return rowOf(asked.world.state.projects, param(asked, 'serviceName'), 'serviceName');
}

function objects(name: string, model: string, rowsOf: (project: Project) => readonly Row[]): Route {
  return {
    method: 'GET',
    path: `${PROJECT}/${name}`,
    summary: `Get all objects of the kind ${name}`,
    answer: `${model}[]`,
    query: { region: 'string?' },
    run: (asked) => {
      const region = asked.call.query.get('region');
      return rowsOf(projectOf(asked)).filter((row) => region === null || row.region === region);
    },
  };
}

function objectsAndOne(
  name: string,
  variable: string,
  model: string,
  rowsIn: (project: Project) => ReadonlyMap<string, Row>,
): readonly Route[] {
  return [
    objects(name, model, (project) => [...rowsIn(project).values()]),
    reading(`${PROJECT}/${name}/{${variable}}`, model, (asked) => rowOf(rowsIn(projectOf(asked)), param(asked, variable), variable)),
  ];
}

/** The detail has the objects themselves where the list has their ids. */
function instanceDetail(asked: Asked): Json {
  const project = projectOf(asked);
  const { flavorId, flavorName: _, imageId, sshKey, ...row } = rowOf(project.instances, param(asked, 'instanceId'), 'instanceId');
  return {
    ...row,
    flavor: project.flavors.get(String(flavorId)) ?? null,
    image: project.images.get(String(imageId)) ?? null,
    sshKey: project.sshKeys.get(String(sshKey)) ?? null,
  };
}

function projectV2(project: Row): Row {
  const { project_id: id = '', projectName = '', creationDate = null, iam = null } = project;
  const currentState = { name: projectName, description: project.description ?? null };
  return { id, createdAt: creationDate, currentState, resourceStatus: 'READY', iam, tags: tagsOf(project) };
}
