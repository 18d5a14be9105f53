/** Calls by the client of @hey-api/openapi-ts. */

import { tried } from "./calls";
import { getBill, listBills, listChanges, listLegislators, listSources } from "./hey/sdk.gen";

declare const process: { env: Record<string, string>; exit(status: number): never };
const baseUrl = process.env["LEGIS_URL"]!;
const throwOnError = true;

const calls = {
  bills: async (query: object) => (await listBills({ baseUrl, query, throwOnError })).data as never,
  bill: async (from: string, id: string) =>
    (await getBill({ baseUrl: from, path: { bill_id: id }, throwOnError })).data as never,
  changes: async (query: object) => (await listChanges({ baseUrl, query, throwOnError })).data as never,
  legislators: async (query: object) => (await listLegislators({ baseUrl, query, throwOnError })).data as never,
  sources: async () => (await listSources({ baseUrl, throwOnError })).data as never,
};

tried("@hey-api/openapi-ts", calls, process.env).catch((error) => {
  console.error(error);
  process.exit(1);
});
