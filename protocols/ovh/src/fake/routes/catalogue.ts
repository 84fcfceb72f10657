import type { Json, Row } from '../json.ts';
import { refuse } from '../refusal.ts';
import type { Asked, Route } from './route.ts';

const CURRENCIES: Readonly<Record<string, string>> = {
  CZ: 'CZK',
  DE: 'EUR',
  ES: 'EUR',
  FR: 'EUR',
  GB: 'GBP',
  IE: 'EUR',
  IT: 'EUR',
  PL: 'PLN',
};

interface Plan {
  readonly code: string;
  readonly name: string;
  readonly product: string;
  /** In hundred-millionths of the currency. */
  readonly price: number;
}

const PLANS: Readonly<Record<string, readonly Plan[]>> = {
  baremetalServers: [
    { code: '24adv01', name: 'ADVANCE-1', product: '24adv01', price: 10_499_000_000 },
    { code: '24rise01', name: 'RISE-1', product: '24rise01', price: 6_499_000_000 },
  ],
  cloud: [{ code: 'project.2018', name: 'Public Cloud', product: 'publiccloud-project', price: 0 }],
  vps: [{ code: 'vps-essential-2-4-80', name: 'VPS Essential', product: 'vps', price: 1_250_000_000 }],
};

/** What there is to buy: for everybody, without any key (9.1 step 3). */
export const catalogueRoutes: readonly Route[] = Object.entries(PLANS).map(([name, plans]): Route => {
  return {
    method: 'GET',
    path: `/order/catalog/public/${name}`,
    summary: 'Retrieve public catalog',
    answer: 'order.catalog.public.Catalog',
    access: 'public',
    query: { ovhSubsidiary: 'nichandle.OvhSubsidiaryEnum' },
    run: (asked) => catalogue(subsidiaryOf(asked), plans),
  };
});

/** One of them, which tells the schema documents its members. */
export const SAMPLE_CATALOGUE: Row = catalogue('FR', PLANS.vps ?? []);

function subsidiaryOf({ call }: Asked): string {
  const subsidiary = call.query.get('ovhSubsidiary') ?? '';
  if (Object.hasOwn(CURRENCIES, subsidiary)) return subsidiary;
  throw refuse.badRequest('Given data is not valid for parameter ovhSubsidiary of type nichandle.OvhSubsidiaryEnum');
}

function catalogue(subsidiary: string, plans: readonly Plan[]): Row {
  const locale = { currencyCode: CURRENCIES[subsidiary] ?? 'EUR', subsidiary, taxRate: 20 };
  const products = [...new Set(plans.map(({ product }) => product))].map((name): Json => ({ name, description: name }));
  return { catalogId: 1, locale, plans: plans.map(planRow), products, addons: [], planFamilies: [] };
}

function planRow({ code, name, product, price }: Plan): Json {
  const pricing = {
    phase: 0,
    capacities: ['renew'],
    commitment: 0,
    description: 'monthly',
    interval: 1,
    intervalUnit: 'month',
    price,
    tax: 0,
  };
  return { planCode: code, invoiceName: name, product, family: null, addonFamilies: [], configurations: [], pricings: [pricing] };
}
