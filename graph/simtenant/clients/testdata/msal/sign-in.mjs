// Signs in with MSAL by device code, and once more silently, and writes down what it was told and what it made of it: JSON,
// one object a line. Where the package is and what to ask for comes as JSON on standard input. Only the wire is replaced,
// as MSAL documents it, because MSAL itself knows no proxy.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const job = JSON.parse(readFileSync(0, "utf8"));
const require = createRequire(join(job.modules, "/"));
const { PublicClientApplication } = require("@azure/msal-node");
const axios = require("axios");

const say = (line) => process.stdout.write(JSON.stringify(line) + "\n");
const send = async (method, url, { headers, body } = {}) => {
  const answer = await axios({ method, url, headers, data: body, validateStatus: () => true });
  return { status: answer.status, headers: { ...answer.headers }, body: answer.data };
};

const application = new PublicClientApplication({
  auth: { clientId: job.client, authority: job.authority },
  system: {
    networkClient: {
      sendGetRequestAsync: (url, options) => send("GET", url, options),
      sendPostRequestAsync: (url, options) => send("POST", url, options),
    },
  },
});
const summary = ({ account, accessToken, idToken, idTokenClaims, scopes, fromCache }) =>
  ({ account, accessToken, idToken, idTokenClaims, scopes, fromCache });

const scopes = [job.scope];
try {
  const first = await application.acquireTokenByDeviceCode({ scopes, deviceCodeCallback: ({ userCode, verificationUri }) => say({ userCode, verificationUri }) });
  const cached = await application.acquireTokenSilent({ scopes, account: first.account });
  const renewed = await application.acquireTokenSilent({ scopes, account: first.account, forceRefresh: true });
  say({ first: summary(first), cached: summary(cached), renewed: summary(renewed) });
} catch (failure) {
  say({ failure: String(failure) });
}
