// Keeps the pages of face-to-face interviews for the time without a connection: the network first, else what was
// kept. Only pages and their files are kept, never an answer; sheets go around this script.
"use strict";
const KEPT = "manyi-f2f-1";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const request = event.request;
  if (request.method !== "GET" || new URL(request.url).origin !== self.location.origin) return;
  event.respondWith((async () => {
    const cache = await caches.open(KEPT);
    try {
      const answer = await fetch(request);
      if (answer.ok && !answer.redirected) await cache.put(request, answer.clone());
      return answer;
    } catch (offline) {
      const kept = await cache.match(request, { ignoreVary: true });
      if (kept) return kept;
      throw offline;
    }
  })());
});
