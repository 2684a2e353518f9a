// Worker: pages from the line first, from the last view when the line is slow or gone; assets from what is kept.
// It answers neither streams nor anything that changes state. FIRST_VIEW is written above by the server.
const ASSETS = `assets-${FIRST_VIEW.join("").length}-${digest(FIRST_VIEW.join(""))}`;
const VIEWS = "views-1";
const PATIENCE_MS = 4000;

function digest(text) {
  let sum = 0;
  for (const character of text) sum = (sum * 31 + character.codePointAt(0)) >>> 0;
  return sum.toString(36);
}

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(ASSETS)
      .then((kept) => kept.addAll([...FIRST_VIEW, "/offline"]))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => name !== ASSETS && name !== VIEWS).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("message", (event) => {
  if (event.data === "signed out") event.waitUntil(caches.delete(VIEWS));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if ((request.headers.get("accept") ?? "").includes("text/event-stream")) return;
  if (pathname.startsWith("/assets/")) event.respondWith(asset(request));
  else if (request.mode === "navigate" && !pathname.startsWith("/sign-in/")) event.respondWith(page(event));
});

async function asset(request) {
  const kept = await caches.match(request);
  if (kept) return kept;
  const fresh = await fetch(request);
  if (fresh.ok) (await caches.open(ASSETS)).put(request, fresh.clone());
  return fresh;
}

async function page(event) {
  const line = fetch(event.request).then((fresh) => remember(event.request, fresh));
  event.waitUntil(line.catch(() => undefined));
  const kept = await (await caches.open(VIEWS)).match(event.request);
  try {
    return await (kept ? Promise.race([line, patience()]) : line);
  } catch {
    if (kept) tell(event, { keptAt: Date.parse(kept.headers.get("date")) || Date.now() });
    return kept ?? caches.match("/offline");
  }
}

async function remember(request, fresh) {
  const views = await caches.open(VIEWS);
  if (fresh.status === 401 || fresh.status === 403) await caches.delete(VIEWS);
  else if (fresh.ok && !fresh.redirected && fresh.type === "basic") await views.put(request, fresh.clone());
  return fresh;
}

function patience() {
  return new Promise((_, reject) => setTimeout(() => reject(new Error("the line is slow")), PATIENCE_MS));
}

// The page that receives the last view does not exist yet; it is told once it does.
async function tell(event, message) {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const client = event.resultingClientId && await self.clients.get(event.resultingClientId);
    if (client) {
      client.postMessage(message);
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
