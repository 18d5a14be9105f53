// The TypeScript client against a running system: LEGIS_URL is the API, LEGIS_PROXY_URL a proxy before it that refuses
// the first request with 429 and puts the status OF_A_LATER_YEAR into replies.
import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiError, Legis, dataOf } from "../dist/index.js";

const legis = new Legis({ baseUrl: process.env.LEGIS_URL });

test("a search gives every match once, over several pages", async () => {
  const query = { chamber: ["CAMARA", "SENADO"], count: "exact", limit: 60 };
  const ids = new Set();
  let given = 0;
  for await (const bill of legis.bills(query)) given += ids.add(bill.id) && 1;
  const { value: first } = await legis.pages(query).next();
  assert.equal(ids.size, given);
  assert.equal(ids.size, first.page.count.value);
  assert.ok(given > 120);
});

test("a search goes on from a kept cursor", async () => {
  const pages = legis.pages({ limit: 5 });
  const first = (await pages.next()).value;
  const second = (await pages.next()).value;
  const resumed = (await legis.pages({ limit: 5, cursor: first.page.next_cursor }).next()).value;
  assert.deepEqual(resumed.data.map((bill) => bill.id), second.data.map((bill) => bill.id));
});

test("a bill, and one that is not there", async () => {
  const { value: bill } = await legis.bills({ limit: 1 }).next();
  assert.equal((await legis.bill(bill.id)).id, bill.id);
  await assert.rejects(legis.bill("camara-0"), (error) => error instanceof ApiError && error.status === 404 && error.problem.trace_id !== undefined);
});

test("the log is followed to its head and resumed", async () => {
  const seen = [];
  let kept;
  for await (const { change, position } of legis.changes({ after: 0, limit: 100, wait: 0 })) {
    seen.push(change.seq);
    kept = position;
    if (seen.length === 150) break;
  }
  for await (const { change } of legis.changes({ ...kept, limit: 100, wait: 0 })) seen.push(change.seq);
  assert.ok(seen.length > 150);
  const whole = [];
  for await (const { change } of legis.changes({ after: 0, limit: 100, wait: 0 })) whole.push(change.seq);
  assert.deepEqual(seen, whole.slice(0, seen.length)); // entries about people and bodies are left out: numbers may be missing
  assert.deepEqual(seen, [...new Set(seen)].sort((one, other) => one - other));
});

test("another log is told", async () => {
  const entry = legis.changes({ after: 1, epoch: "of-another-log" }).next();
  await assert.rejects(entry, (error) => error.status === 410 && error.problem.head > 1);
});

test("an operation without a method of its own can be called", async () => {
  const sources = dataOf(await legis.api.GET("/api/v1/sources"));
  assert.deepEqual(sources.data.map((one) => one.source).sort(), ["camara", "senado"]);
});

test("a refused request is repeated after the wait that it was told, and a value that is not known survives", async () => {
  const waits = [];
  const later = new Legis({ baseUrl: process.env.LEGIS_PROXY_URL, sleep: async (seconds) => void waits.push(seconds) });
  const { value: bill } = await later.bills({ limit: 1 }).next();
  assert.deepEqual(waits, [3]);
  assert.equal(bill.status, "OF_A_LATER_YEAR");
});

test("a refusal is final where retries are not wanted, and so is a server that is not there", async () => {
  const busy = new Legis({ baseUrl: "http://127.0.0.1:9", retry: { attempts: 1 } });
  await assert.rejects(busy.bill("camara-1"), { name: "ConnectionFailed" });
  const refused = async () => new Response("{}", { status: 429, headers: { "Retry-After": "90" } });
  const impatient = new Legis({ baseUrl: "http://127.0.0.1:9", fetch: refused });
  await assert.rejects(impatient.bill("camara-1"), (error) => error.status === 429 && error.retryAfter === 90);
});
