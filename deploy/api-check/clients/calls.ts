/** The calls that each generated client makes, and what must come back; prints how many were made. */

export type Calls = {
  bills(query: { limit: number; fields?: string[] }): Promise<{ data: Record<string, unknown>[] }>;
  bill(baseUrl: string, id: string): Promise<{ data: { id: string; status: string } }>;
  changes(query: { after: number; limit: number }): Promise<{ data: unknown[]; page: { head: number } }>;
  legislators(query: { limit: number }): Promise<{ data: { id: string }[] }>;
  sources(): Promise<{ data: { source: string }[] }>;
};

export async function tried(name: string, calls: Calls, env: Record<string, string>): Promise<void> {
  const bills = await calls.bills({ limit: 5 });
  check(bills.data.length === 5, "five bills");
  const id = String(bills.data[0]!["id"]);
  check((await calls.bill(env["LEGIS_URL"]!, id)).data.id === id, "the bill that was asked for");
  const changes = await calls.changes({ after: 0, limit: 3 });
  check(changes.data.length === 3 && changes.page.head > 3, "three changes");
  check((await calls.legislators({ limit: 2 })).data.length === 2, "two legislators");
  check((await calls.sources()).data.map((one) => one.source).includes("camara"), "the sources");
  const newer = await calls.bill(env["LEGIS_PROXY_URL"]!, id);
  check(newer.data.status === env["LEGIS_NEW_STATUS"], "a status that the client does not know");
  const sparse = await calls.bills({ limit: 2, fields: ["id", "title"] });
  check(sparse.data.every((one) => Object.keys(one).sort().join() === "id,title"), "bills reduced by fields=");
  console.log(`${name}: 7 calls`);
}

function check(good: boolean, what: string): void {
  if (!good) throw new Error(`not as described: ${what}`);
}
