/** Calls by the types of openapi-typescript with openapi-fetch. Lists may be files, too: their type is a text or JSON. */

import createClient from "openapi-fetch";

import { tried } from "./calls";
import type { components, paths } from "./schema";

declare const process: { env: Record<string, string>; exit(status: number): never };
const baseUrl = process.env["LEGIS_URL"]!;
const api = createClient<paths>({ baseUrl, querySerializer: { array: { style: "form", explode: false } } });

/** A value that the document does not have is a value all the same. */
export const later: components["schemas"]["BillItem"]["status"] = "OF_A_LATER_YEAR";

const calls = {
  bills: async (query: object) => (await api.GET("/api/v1/bills", { params: { query } })).data as never,
  bill: async (from: string, id: string) =>
    (await createClient<paths>({ baseUrl: from }).GET("/api/v1/bills/{bill_id}", { params: { path: { bill_id: id } } })).data!,
  changes: async (query: object) => (await api.GET("/api/v1/changes", { params: { query } })).data as never,
  legislators: async (query: object) => (await api.GET("/api/v1/legislators", { params: { query } })).data as never,
  sources: async () => (await api.GET("/api/v1/sources")).data!,
};

tried("openapi-typescript", calls, process.env).catch((error) => {
  console.error(error);
  process.exit(1);
});
