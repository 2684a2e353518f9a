// Trust: the one door through which text becomes HTML. The server has escaped it; nothing else may make markup.
const policy = window.trustedTypes?.createPolicy("handrail", {
  createHTML: (text) => text,
  createScriptURL: (address) => {
    if (address !== "/sw.js") throw new TypeError(`${address} is no worker of this site`);
    return address;
  },
});

export const workerAddress = policy ? policy.createScriptURL("/sw.js") : "/sw.js";

if (policy) window.htmx.registerExtension("trust", { init: (api) => api.initSecurity(policy) });
