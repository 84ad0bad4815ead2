// What a page does for reading without a connection: takes the service worker into service, says when there is no
// connection, and keeps on this device what its reader has asked to have kept. Nothing is kept without that.
'use strict'
;(() => {
  const KEPT = 'tongban-kept'
  const FIELD = 'tongban-field' // what an inspector has taken along, see field.js
  const NOTES = 'tongban-notes'
  const OFTEN = 10 * 60_000
  const html = document.documentElement
  const { reader = '', device = '' } = document.body.dataset

  // --- no connection -------------------------------------------------------------------------------------------------
  const banner = document.querySelector('[data-offline]')
  function tell() {
    for (const each of banner ? banner.children : []) each.hidden = navigator.onLine
  }
  addEventListener('online', tell)
  addEventListener('offline', tell)
  if (!navigator.onLine) tell()
  // A form sent now would be lost with the page; held back, its answers are still there.
  document.addEventListener(
    'submit',
    (event) => {
      if (navigator.onLine || event.target.method !== 'post' || !banner || event.target.hasAttribute('data-works-offline')) return
      event.preventDefault()
      event.stopImmediatePropagation()
      tell()
      banner.focus()
      banner.scrollIntoView({ block: 'nearest' })
    },
    true
  )

  if (!('serviceWorker' in navigator) || !('caches' in window)) return
  addEventListener('load', () => {
    navigator.serviceWorker.register('/service-worker.js').catch(() => {})
  })

  // --- notes: how pages were last shown, whose copies are here ---------------------------------------------------------
  async function note(name, value) {
    const notes = await caches.open(NOTES)
    if (value === undefined) {
      const found = await notes.match(`/-/${name}`)
      return found ? found.json() : undefined
    }
    return value === null ? notes.delete(`/-/${name}`) : notes.put(`/-/${name}`, new Response(JSON.stringify(value)))
  }

  async function forget() {
    await caches.delete(KEPT)
    await note('kept', null)
  }

  async function leave() {
    await caches.delete(FIELD)
    await note('field', null)
  }

  // Fetch one page or file for its reader and keep it; the server refuses when somebody else is signed in by now.
  async function keepOne(box, item, who, room) {
    const answer = await fetch(item.url, { headers: { 'Tongban-Keep': who }, cache: 'no-store' })
    if (answer.status === 409) throw new Error('another reader')
    if (!answer.ok || answer.redirected) return 0
    const body = await answer.blob()
    if (body.size > room) return 0
    const headers = { 'Tongban-Kept-At': String(Date.now()) }
    for (const name of ['Content-Type', 'Content-Disposition', 'Content-Security-Policy', 'Content-Language']) {
      if (answer.headers.get(name)) headers[name] = answer.headers.get(name)
    }
    await box.put(item.url, new Response(body, { headers }))
    return body.size
  }

  async function keep() {
    const answer = await fetch('/kept/list.json', { cache: 'no-store', headers: { 'Tongban-Keep': reader } })
    if (!answer.ok || answer.redirected) throw new Error('no list')
    const told = await answer.json()
    await forget()
    if (!told.items.length) return undefined
    const box = await caches.open(KEPT)
    const items = []
    let room = told.bytes
    for (const item of told.items) {
      const size = await keepOne(box, item, told.reader, room)
      room -= size
      if (size) items.push(item)
    }
    const kept = { reader: told.reader, at: Date.now(), items }
    await note('kept', kept)
    return kept
  }

  // --- each page ---------------------------------------------------------------------------------------------------------
  async function arrive() {
    if ('noReader' in document.body.dataset) return
    const shown = { language: document.body.dataset.language, ...html.dataset }
    await note('shown', shown)
    const taken = await note('field')
    if (taken && reader && (taken.reader !== reader || device !== 'own')) await leave()
    const kept = await note('kept')
    if (!kept || !reader || !navigator.onLine) return
    if (kept.reader !== reader || device !== 'own') await forget()
    else if (Date.now() - kept.at > OFTEN) await keep()
  }

  document.addEventListener('submit', (event) => {
    if (!event.target.hasAttribute('data-signs-out')) return
    forget()
    leave()
  })

  // --- the page that asks, and the page that says what can be read ---------------------------------------------------------
  function fill(list, kept) {
    for (const item of kept.items) {
      const link = document.createElement('a')
      link.href = item.url
      link.textContent = item.title || list.dataset.all
      if (item.file) link.textContent += list.dataset.file
      const row = document.createElement('li')
      row.className = 'tb-row'
      row.append(link)
      list.append(row)
    }
  }

  async function show(state) {
    const along = document.querySelector('[data-taken-along]')
    if (along) along.hidden = !(await note('field'))
    const place = document.querySelector('[data-kept]')
    if (!place) return
    const kept = await note('kept')
    const now = state || (kept ? 'on' : 'off')
    for (const each of place.querySelectorAll('[data-kept-state]')) {
      each.hidden = !each.dataset.keptState.split(' ').includes(now)
    }
    for (const each of place.querySelectorAll('[data-kept-at]')) {
      each.textContent = kept ? new Date(kept.at).toLocaleString(html.lang, { dateStyle: 'medium', timeStyle: 'short' }) : ''
    }
    for (const list of place.querySelectorAll('[data-kept-list]')) {
      list.replaceChildren()
      if (kept) fill(list, kept)
    }
  }

  document.addEventListener('click', async (event) => {
    const button = event.target.closest('[data-keep]')
    if (!button) return
    await show('busy')
    try {
      if (button.dataset.keep === 'yes') await keep()
      else await forget()
      await show()
    } catch {
      await show('failed')
    }
  })

  async function begin() {
    await arrive().catch(() => {})
    await show()
  }
  begin()
})()
