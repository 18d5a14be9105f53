/** Compiled, never run: what the types must allow and refuse. */

import { Legis, type Schemas } from "../src/index.js";

const legis = new Legis({ baseUrl: "http://127.0.0.1:5000", apiKey: "legis_…" });

/** A value that the document does not have is a value all the same. */
export const later: Schemas["BillItem"]["status"] = "OF_A_LATER_YEAR";

export async function titles(): Promise<string[]> {
  const found: string[] = [];
  for await (const bill of legis.bills({ chamber: "CAMARA", year: [2024, 2025], limit: 10 })) found.push(bill.id);
  for await (const person of legis.legislators({ state: "SP", in_office: true })) found.push(person.id);
  for await (const voting of legis.voteEvents({ from: "2024-01-01", nominal: "null" })) found.push(voting.id);
  for await (const vote of legis.legislatorVotes("camara-deputy-1", { to: "2024-01-01" })) found.push(vote.vote_event.id);
  for await (const body of legis.organizations({ classification: ["PARTY"] })) found.push(body.id);
  // @ts-expect-error: no such parameter
  legis.bills({ chambre: "CAMARA" });
  // @ts-expect-error: no such field
  for await (const { change } of legis.changes({ wait: 0 })) found.push(change.nothing);
  return found;
}
