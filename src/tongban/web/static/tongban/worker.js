// The service worker. What is online is always asked for online: a page is never stale. Without a connection it gives
// what the reader has had kept on this device (see offline.js), and else a page that says what can be read.
'use strict'

/* global self, caches, fetch, importScripts, Request, URL, location */
const { version, files, pages, modules, days } = self.TONGBAN
const SHELL = `tongban-shell-${version}`
const KEPT = 'tongban-kept'
const FIELD = 'tongban-field'
const NOTES = 'tongban-notes'

for (const each of modules) importScripts(each)

self.addEventListener('install', (event) => {
  event.waitUntil(store().then(() => self.skipWaiting()))
})

async function store() {
  const shell = await caches.open(SHELL)
  const wanted = [
    ...files.map((url) => new Request(url)),
    ...Object.values(pages).map((url) => new Request(url, { cache: 'reload', credentials: 'omit' }))
  ]
  await shell.addAll(wanted)
}

self.addEventListener('activate', (event) => {
  event.waitUntil(clean().then(() => self.clients.claim()))
})

async function clean() {
  for (const name of await caches.keys()) {
    if (name.startsWith('tongban-shell-') && name !== SHELL) await caches.delete(name)
  }
}

self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (url.origin !== location.origin) return
  if (request.method === 'POST') {
    // Whoever signs out takes everything of theirs off the device, also when no script of the page ran.
    if (url.pathname === self.TONGBAN.signOut) event.waitUntil(forget())
    return
  }
  if (request.method !== 'GET') return
  if (request.mode === 'navigate') event.respondWith(page(request, url))
  else if (url.pathname.startsWith(self.TONGBAN.static)) event.respondWith(asset(request, url))
})

async function forget() {
  await caches.delete(KEPT)
  const notes = await caches.open(NOTES)
  await notes.delete('/-/kept')
  await caches.delete(FIELD)
  await notes.delete('/-/field')
}

async function page(request, url) {
  try {
    return await fetch(request)
  } catch {
    return (await copy(url)) || (await offline())
  }
}

// A copy that the reader has had kept, if it is not too old.
async function copy(url) {
  const found =
    (await (await caches.open(KEPT)).match(url.pathname)) || (await (await caches.open(FIELD)).match(url.pathname))
  if (!found) return undefined
  const age = Date.now() - Number(found.headers.get('Tongban-Kept-At'))
  return age < days * 86_400_000 ? found : undefined
}

async function offline() {
  const shell = await caches.open(SHELL)
  const said = await (await caches.open(NOTES)).match('/-/shown')
  const shown = said ? await said.json() : {}
  const found = await shell.match(pages[shown.language] || Object.values(pages)[0])
  // Shown as this reader wants pages shown, before it is painted: nothing jumps.
  const wanted = ['theme', 'size', 'contrast', 'motion']
    .filter((name) => /^[a-z]+$/.test(shown[name] || ''))
    .map((name) => ` data-${name}="${shown[name]}"`)
  const words = (await found.text()).replace('<html', `<html${wanted.join('')}`)
  return new Response(words, { headers: found.headers })
}

// Kept pages name the styles of the day that they were kept; what has the same name but for its hash will do.
async function asset(request, url) {
  try {
    return await fetch(request)
  } catch {
    const shell = await caches.open(SHELL)
    const plain = (path) => path.replace(/\.[0-9a-f]{12}(\.\w+)$/, '$1')
    const same = (await shell.keys()).find((each) => plain(new URL(each.url).pathname) === plain(url.pathname))
    return same ? shell.match(same) : Response.error()
  }
}
