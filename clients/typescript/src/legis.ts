/** `Legis`: the client. Its member `api` has every operation that reads JSON, with its types; the methods beside it page, follow and throw. */

import createClient, { type Client } from "openapi-fetch";

import { errorOf } from "./api_error.js";
import { DEFAULT_POLICY, retryingFetch, sleepSeconds, type Fetch, type RetryPolicy, type Sleep } from "./retrying_fetch.js";
import type { components, paths } from "./schema.js";

export type Schemas = components["schemas"];
export type BillQuery = NonNullable<paths["/api/v1/bills"]["get"]["parameters"]["query"]>;
export type LegislatorQuery = NonNullable<paths["/api/v1/legislators"]["get"]["parameters"]["query"]>;
export type OrganizationQuery = NonNullable<paths["/api/v1/organizations"]["get"]["parameters"]["query"]>;
export type VoteEventQuery = NonNullable<paths["/api/v1/vote-events"]["get"]["parameters"]["query"]>;
export type LegislatorVoteQuery = NonNullable<
  paths["/api/v1/legislators/{legislator_id}/votes"]["get"]["parameters"]["query"]
>;
export type ChangeQuery = NonNullable<paths["/api/v1/changes"]["get"]["parameters"]["query"]>;

/** A position in the change log: `seq` of the last entry dealt with, and the identity of the log. */
export type Position = { readonly after: number; readonly epoch: string | null };

export type Options = {
  readonly baseUrl: string;
  readonly apiKey?: string;
  readonly retry?: Partial<RetryPolicy>;
  /** Seconds for one request, retries not counted; longer than the `wait` of `changes`. */
  readonly timeout?: number;
  readonly fetch?: Fetch;
  readonly sleep?: Sleep;
};

const LONGEST_POLL_SECONDS = 30;

export class Legis {
  readonly api: Client<paths>;

  constructor(options: Options) {
    const policy = { ...DEFAULT_POLICY, ...options.retry };
    this.api = createClient<paths>({
      baseUrl: options.baseUrl,
      querySerializer: { array: { style: "form", explode: false } }, // several values with commas, as in the API's own links
      headers: options.apiKey === undefined ? {} : { Authorization: `Bearer ${options.apiKey}` },
      fetch: retryingFetch(options.fetch ?? fetch, policy, options.timeout ?? 60, options.sleep ?? sleepSeconds),
    });
  }

  /** Whole replies of a search, with `page` and `meta`; `cursor` in the query goes on from another day. */
  async *pages(query: BillQuery = {}): AsyncGenerator<Schemas["BillList"]> {
    for (let asked = query; ; ) {
      const reply: Schemas["BillList"] = dataOf(await this.api.GET("/api/v1/bills", { params: { query: asked } }));
      yield reply;
      const cursor = reply.page.next_cursor;
      if (!cursor) return;
      asked = { ...query, cursor };
    }
  }

  /** Bills that match, page after page as they are needed; with `fields` an item has only these. */
  async *bills(query: BillQuery = {}): AsyncGenerator<Schemas["BillItem"]> {
    for await (const page of this.pages(query)) yield* page.data as Schemas["BillItem"][];
  }

  /** One bill. Throws an ApiError of status 404 where there is none. */
  async bill(id: string): Promise<Schemas["BillDetail"]> {
    return dataOf(await this.api.GET("/api/v1/bills/{bill_id}", { params: { path: { bill_id: id } } })).data;
  }

  /** Legislators that match, by name, page after page as they are needed. */
  legislators(query: LegislatorQuery = {}): AsyncGenerator<Schemas["LegislatorSummary"]> {
    return itemsOf(query, async (asked) => dataOf(await this.api.GET("/api/v1/legislators", { params: { query: asked } })));
  }

  /** Votes of one legislator, newest first. Throws an ApiError of status 404 where there is none. */
  legislatorVotes(id: string, query: LegislatorVoteQuery = {}): AsyncGenerator<Schemas["LegislatorVote"]> {
    const path = { legislator_id: id };
    return itemsOf(query, async (asked) =>
      dataOf(await this.api.GET("/api/v1/legislators/{legislator_id}/votes", { params: { path, query: asked } })),
    );
  }

  /** Organizations that match, by name. */
  organizations(query: OrganizationQuery = {}): AsyncGenerator<Schemas["OrganizationSummary"]> {
    return itemsOf(query, async (asked) =>
      dataOf(await this.api.GET("/api/v1/organizations", { params: { query: asked } })),
    );
  }

  /** Votings that match, newest first. */
  voteEvents(query: VoteEventQuery = {}): AsyncGenerator<Schemas["VoteEventSummary"]> {
    return itemsOf(query, async (asked) => dataOf(await this.api.GET("/api/v1/vote-events", { params: { query: asked } })));
  }

  /**
   * Every change after `after`, then each new one as it comes; with `wait: 0` it ends at the head of the log. Each
   * comes with its position: give it back as `after` and `epoch`, and nothing is missed.
   */
  async *changes(query: ChangeQuery = {}): AsyncGenerator<{ change: Schemas["Change"]; position: Position }> {
    let position: Position = { after: query.after ?? 0, epoch: query.epoch ?? null };
    for (;;) {
      const { after, epoch } = position;
      const asked = { wait: LONGEST_POLL_SECONDS, ...query, after, ...(epoch === null ? {} : { epoch }) };
      const reply = dataOf(await this.api.GET("/api/v1/changes", { params: { query: asked } }));
      for (const change of reply.data) yield { change, position: { after: change.seq, epoch: reply.page.epoch } };
      position = { after: reply.page.next_after, epoch: reply.page.epoch };
      if (query.wait === 0 && !reply.page.has_more) return;
    }
  }
}

/** The items of a list, page after page as they are needed. */
async function* itemsOf<Query extends { cursor?: string }, Item>(
  query: Query,
  page: (asked: Query) => Promise<{ data: Item[]; page: Schemas["Page"] }>,
): AsyncGenerator<Item> {
  for (let asked = query; ; ) {
    const reply = await page(asked);
    yield* reply.data;
    const cursor = reply.page.next_cursor;
    if (!cursor) return;
    asked = { ...query, cursor };
  }
}

/** The document of a reply. Throws ApiError where the request was refused. */
export function dataOf<Data>(reply: { data?: Data; error?: unknown; response: Response }): Data {
  if (reply.data === undefined) throw errorOf(reply.response, reply.error);
  return reply.data;
}
