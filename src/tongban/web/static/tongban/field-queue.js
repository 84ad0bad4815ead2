// What is recorded on the spot and has not arrived yet: a store on the device, and the rules by which it is sent. Used
// by the pages and by the service worker alike; whichever is there sends, and never both at once.
'use strict'
;((scope) => {
  const NAME = 'tongban-field'
  const ENDED = ['recorded', 'noted']

  // --- rules: what an answer means for a record; no more than this decides ------------------------------------------------
  // `answer`: {status, left (a redirect: nobody is signed in), body (JSON, or null)}; null for no connection.
  function verdict(answer) {
    if (!answer) return { state: 'waiting' }
    if (answer.left) return { state: 'signin' }
    const body = answer.body
    if (answer.status === 409 && body && body.state === 'photos') return { state: 'waiting', again: body.photos }
    if (answer.status === 409) return { state: 'other' }
    if (answer.status === 422 && body) return { state: 'refused', errors: (body.errors || []).map((each) => each.words) }
    if (answer.status === 403) return { state: 'signin' }
    if (answer.status === 404) return { state: 'gone' }
    if (answer.status === 200 && body && body.state) return { state: body.state, conflict: body.conflict, url: body.url }
    return { state: 'waiting' } // a fault over there: nothing is lost, and it is tried again
  }

  // Whether a record is to be sent by whoever is here: what waits, and what only waited for its writer.
  function isToSend(record, reader) {
    return ['waiting', 'sending', 'signin', 'other'].includes(record.state) && record.reader === reader
  }

  // --- the store ------------------------------------------------------------------------------------------------------
  let opened
  function open() {
    opened ||= new Promise((done, failed) => {
      const asked = indexedDB.open(NAME, 1)
      asked.onupgradeneeded = () => {
        asked.result.createObjectStore('records', { keyPath: 'key' })
        asked.result.createObjectStore('photos', { keyPath: 'key' }).createIndex('record', 'record')
      }
      asked.onsuccess = () => done(asked.result)
      asked.onerror = () => failed(asked.error)
    })
    return opened
  }

  async function using(store, mode, ask) {
    const base = await open()
    return new Promise((done, failed) => {
      const change = base.transaction(store, mode)
      const asked = ask(change.objectStore(store))
      change.oncomplete = () => done(asked ? asked.result : undefined)
      change.onerror = change.onabort = () => failed(change.error)
    })
  }

  const list = () => using('records', 'readonly', (store) => store.getAll())
  const get = (key) => using('records', 'readonly', (store) => store.get(key))
  const photosOf = (key) => using('photos', 'readonly', (store) => store.index('record').getAll(key))
  const putPhoto = (photo) => using('photos', 'readwrite', (store) => store.put(photo))
  const removePhoto = (key) => using('photos', 'readwrite', (store) => store.delete(key))

  async function put(record) {
    await using('records', 'readwrite', (store) => store.put(record))
    tell(record)
  }

  async function remove(key) {
    for (const photo of await photosOf(key)) await removePhoto(photo.key)
    await using('records', 'readwrite', (store) => store.delete(key))
  }

  const news = 'BroadcastChannel' in scope ? new BroadcastChannel(NAME) : null
  function tell(record) {
    if (news) news.postMessage({ key: record.key })
    if (scope.dispatchEvent && scope.document) scope.dispatchEvent(new CustomEvent('tongban-field'))
  }

  // --- sending ----------------------------------------------------------------------------------------------------------
  async function ask(url, options, headers) {
    try {
      const answer = await fetch(url, { redirect: 'manual', cache: 'no-store', ...options, headers })
      const left = answer.type === 'opaqueredirect'
      const isJson = (answer.headers.get('Content-Type') || '').includes('json')
      return { status: answer.status, left, body: isJson ? await answer.json() : null }
    } catch {
      return null
    }
  }

  async function sendAll() {
    if (!('locks' in navigator)) return sendWaiting()
    return navigator.locks.request(NAME, sendWaiting)
  }

  async function sendWaiting() {
    const records = (await list()).filter((each) => !ENDED.includes(each.state) && each.state !== 'draft')
    if (!records.length) return
    const answer = await ask('/field/here.json', {}, { Accept: 'application/json' })
    const here = answer && answer.status === 200 ? answer.body : null
    for (const record of records) {
      if (here && isToSend(record, here.reader)) await send(record, here)
      else if (here && record.state === 'waiting') await put({ ...record, state: 'other' })
      else if (!here && answer && record.state === 'waiting') await put({ ...record, state: 'signin' })
    }
  }

  async function send(record, here) {
    const headers = { Accept: 'application/json', 'X-CSRFToken': here.csrf, 'Tongban-Keep': here.reader }
    await put({ ...record, state: 'sending' })
    const sent = await sendPhotos(record, headers)
    if (sent.state !== 'sent') return put({ ...record, ...sent })
    const form = new FormData()
    for (const [name, value] of record.fields) form.append(name, value)
    for (const photo of await photosOf(record.key)) form.append('photo', photo.key)
    form.set('key', record.key)
    form.set('sent_told_at', new Date().toISOString())
    const found = verdict(await ask(record.path, { method: 'POST', body: form }, headers))
    for (const key of found.again || []) {
      const photo = (await photosOf(record.key)).find((each) => each.key === key)
      if (photo) await putPhoto({ ...photo, sent: false })
    }
    // What has arrived need not lie about here any longer; what stands against it is kept until its writer has chosen.
    if (ENDED.includes(found.state)) {
      for (const photo of await photosOf(record.key)) await removePhoto(photo.key)
      return put({ ...record, ...found, fields: [], arrived: Date.now() })
    }
    return put({ ...record, errors: [], ...found })
  }

  async function sendPhotos(record, headers) {
    for (const photo of await photosOf(record.key)) {
      if (photo.sent) continue
      const form = new FormData()
      form.append('file', photo.blob, 'photo.jpg')
      for (const name of ['item', 'told_at', 'latitude', 'longitude', 'accuracy']) {
        if (photo[name] !== undefined) form.append(name, photo[name])
      }
      const answer = await ask(`${record.path}photos/${record.key}/${photo.key}`, { method: 'POST', body: form }, headers)
      if (!answer || answer.status !== 200) {
        const words = answer && answer.body && answer.body.words
        return words ? { state: 'refused', errors: [words] } : verdict(answer)
      }
      await putPhoto({ ...photo, sent: true })
      tell(record)
    }
    return { state: 'sent' }
  }

  scope.tongbanField = { verdict, isToSend, list, get, put, remove, photosOf, putPhoto, removePhoto, sendAll, news, ENDED }

  // In the service worker: the browser says when there is a connection again, also with no page open.
  if (!scope.document) {
    scope.addEventListener('sync', (event) => {
      if (event.tag === NAME) event.waitUntil(sendAll())
    })
  }
})(self)
