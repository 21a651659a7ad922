// Shows a page of its own while the server does not answer. Static files only are kept: no picture, no page of anybody.
"use strict";

const CACHE = "librarian-{{ version }}";
const { offline, kept } = {% autoescape off %}{{ files }}{% endautoescape %};

self.addEventListener("install", (event) => {
  event.waitUntil(fill());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(tidy());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => fromCache(offline)));
  else if (kept.includes(new URL(request.url).pathname)) {
    event.respondWith(fetch(request).catch(() => fromCache(request)));
  }
});

async function fill() {
  const cache = await caches.open(CACHE);
  await cache.addAll([offline, ...kept].map((address) => new Request(address, { cache: "reload" })));
  await self.skipWaiting();
}

async function tidy() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("librarian-") && name !== CACHE).map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function fromCache(what) {
  const cache = await caches.open(CACHE);
  return (await cache.match(what)) ?? Response.error();
}
