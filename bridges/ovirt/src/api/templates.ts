import { ZERO_ID } from '../map/href.ts';
import { blankTemplate, toTemplate } from '../map/template.ts';
import { pick } from '../service/lookup.ts';
import type { Parts } from '../service/parts.ts';
import { listed, selected } from './lists.ts';
import type { Route } from './route.ts';

/** The blank template and CloudStack's (ovirt 5.17). */
export function templateRoutes({ inventory, href }: Parts): readonly Route[] {
  return [
    listed('/templates', 'template', async (call) => {
      const templates = await inventory.templates(call.caller);
      const named = [
        { id: ZERO_ID, name: 'Blank', template: undefined },
        ...templates.map((template) => ({ id: template.id, name: template.name, template })),
      ];
      const fieldOf = (item: { readonly id: string; readonly name: string }, field: string) => (field === 'name' ? item.name : item.id);
      const found = selected(call, named, { fields: ['name', 'id'], fieldOf });
      return found.map(({ template }) => (template === undefined ? blankTemplate(href) : toTemplate(template, href)));
    }),
    {
      method: 'GET',
      path: '/templates/:id',
      handle: async (call) => {
        const id = call.params.id ?? '';
        const object = id === ZERO_ID ? blankTemplate(href) : toTemplate(pick(await inventory.templates(call.caller), id), href);
        return { status: 200, type: 'template', object };
      },
    },
  ];
}
