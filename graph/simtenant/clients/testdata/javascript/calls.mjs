// Makes the calls with Microsoft's own client and writes down what came back, as JSON on standard output. What to call,
// and as whom, comes as JSON on standard input.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import graph from "@microsoft/microsoft-graph-client";

const job = JSON.parse(readFileSync(0, "utf8"));
const got = {};
let name = "";

// The answers are kept below the client's own middleware.
const wire = globalThis.fetch;
globalThis.fetch = async (...args) => {
  const response = await wire(...args);
  const text = await response.clone().text();
  (got[name] ??= []).push({ status: response.status, body: text ? JSON.parse(text) : undefined });
  return response;
};

const clientFor = (token) =>
  graph.Client.init({
    baseUrl: job.graph.slice(0, job.graph.lastIndexOf("/") + 1),
    defaultVersion: "v1.0",
    customHosts: new Set(["127.0.0.1"]),
    authProvider: (done) => done(null, token),
  });
const client = clientFor(job.token);

async function call(as, request) {
  name = as;
  return request();
}

async function refused(as, status, code, request) {
  name = as;
  await assert.rejects(request, (e) => e.statusCode === status && e.code === code);
}

const finder = "startswith(displayName,'Ada')";
const who = ["id", "displayName", "userPrincipalName"];

await call("list", () => client.api("/domains").get());
await call("me", () => client.api("/me").select(who).get());
const found = await call("filter", () =>
  client.api("/users").filter(finder).select(who).count(true).header("ConsistencyLevel", "eventual").get());
assert.equal(found["@odata.count"], 1);

const account = await call("create", () =>
  client.api("/users").post({
    accountEnabled: true, displayName: "Delegate365 Service", mailNickname: job.nickname, userPrincipalName: job.account,
    passwordProfile: { password: job.password, forceChangePasswordNextSignIn: false },
  }));
await call("read", () => client.api(`/users/${account.id}`).select(["id", "displayName", "accountEnabled", "userPrincipalName"]).get());
await call("patch", () => client.api(`/users/${account.id}`).patch({ jobTitle: "Service" }));

const assignments = "/roleManagement/directory/roleAssignments";
const assignment = await call("assign", () =>
  client.api(assignments).post({ roleDefinitionId: "62e90394-69f5-4237-9190-012177145e10", principalId: account.id, directoryScopeId: "/" }));
await call("assigned", () => client.api(assignments).filter(`principalId eq '${account.id}'`).expand("principal").get());
await call("security defaults", () => client.api("/policies/identitySecurityDefaultsEnforcementPolicy").get());
await call("policies", () => client.api("/identity/conditionalAccess/policies").filter("state eq 'enabled'").get());

// The client takes the host off an address and leaves the rest, so that there must be no version in it.
const steps = [`/users/${account.id}?$select=jobTitle`, "/users/nobody@contoso.com", "/domains/contoso.com"];
const batch = new graph.BatchRequestContent(steps.map((path, i) => ({ id: String(i + 1), request: new Request(new URL(path, job.graph)) })));
const answers = await call("batch", async () => client.api("/$batch").post(await batch.getContent()));
const statuses = new graph.BatchResponseContent(answers).getResponses();
assert.deepEqual([...statuses.values()].map((r) => r.status), [200, 404, 200]);

await refused("not found", 404, "Request_ResourceNotFound", () => client.api("/users/nobody@contoso.com").get());
await refused("forbidden", 403, "Authorization_RequestDenied", () => clientFor(job.weakToken).api("/domains").get());

let count = 0;
const first = await call("pages", () => client.api("/users").top(4).select("userPrincipalName").get());
await new graph.PageIterator(client, first, () => ++count > 0).iterate();
assert.ok(count > 8, `${count} accounts`);

await call("unassign", () => client.api(`${assignments}/${assignment.id}`).delete());
await call("delete", () => client.api(`/users/${account.id}`).delete());
process.stdout.write(JSON.stringify(got));
