// Visits without a connection: takes their pages along where that is asked for, keeps what is written as it is written,
// and hands it to the queue. Without this script the form is an ordinary one.
'use strict'
;(() => {
  const queue = self.tongbanField
  const { reader = '', device = '' } = document.body.dataset
  const words = document.querySelector('[data-field-words]')?.dataset || {}
  if (!queue || !('indexedDB' in self) || !('caches' in self) || device !== 'own') return
  const CACHE = 'tongban-field'
  const NOTES = 'tongban-notes'
  const LONGEST = 2048
  const OFTEN = 20_000

  // --- taking along ------------------------------------------------------------------------------------------------------
  const along = document.querySelector('[data-along]')

  async function showAlong(state) {
    const found = await (await caches.open(NOTES)).match('/-/field')
    const taken = found ? await found.json() : null
    const now = state || (taken && taken.reader === reader ? 'on' : 'off')
    for (const each of along.querySelectorAll('[data-along-state]')) each.hidden = each.dataset.alongState !== now
    if (taken) {
      const at = new Date(taken.at).toLocaleString(document.documentElement.lang, { dateStyle: 'medium', timeStyle: 'short' })
      along.querySelector('[data-along-at]').textContent = at
    }
  }

  async function leave() {
    await caches.delete(CACHE)
    await (await caches.open(NOTES)).delete('/-/field')
  }

  async function take() {
    await leave()
    const links = [...document.querySelectorAll('[data-field-task]')].map((each) => new URL(each.href).pathname)
    const box = await caches.open(CACHE)
    for (const url of [location.pathname, ...links.slice(0, 40)]) {
      const answer = await fetch(url, { headers: { 'Tongban-Keep': reader }, cache: 'no-store' })
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status))
      const headers = { 'Tongban-Kept-At': String(Date.now()) }
      for (const name of ['Content-Type', 'Content-Security-Policy', 'Content-Language']) {
        if (answer.headers.get(name)) headers[name] = answer.headers.get(name)
      }
      await box.put(url, new Response(await answer.blob(), { headers }))
    }
    const note = JSON.stringify({ reader, at: Date.now() })
    await (await caches.open(NOTES)).put('/-/field', new Response(note))
  }

  async function doAlong(what) {
    await showAlong('busy')
    try {
      if (what === 'take') await take()
      else await leave()
      await showAlong()
    } catch {
      await leave()
      await showAlong('failed')
    }
  }

  if (along) {
    showAlong()
    along.addEventListener('click', (event) => {
      const button = event.target.closest('[data-along-do]')
      if (button) doAlong(button.dataset.alongDo)
    })
  }

  // --- sending whenever that can be -----------------------------------------------------------------------------------------
  async function send() {
    await queue.sendAll().catch(() => {})
    await show()
  }

  async function wake() {
    const ready = await navigator.serviceWorker?.ready
    await ready?.sync?.register('tongban-field')
  }

  addEventListener('online', send)
  addEventListener('tongban-field', () => show())
  if (queue.news) queue.news.onmessage = () => show()
  setInterval(async () => {
    const waits = (await queue.list()).some((each) => queue.isToSend(each, reader))
    if (waits && navigator.onLine) send()
  }, OFTEN)

  // Whoever signs out is told of what has not been sent. It stays, and only they can send it.
  let unsent = false
  document.addEventListener(
    'submit',
    (event) => {
      if (!unsent || !event.target.hasAttribute('data-signs-out') || confirm(words.signOut)) return
      event.preventDefault()
      event.stopImmediatePropagation()
    },
    true
  )

  // --- what is shown of it ---------------------------------------------------------------------------------------------------
  const form = document.querySelector('form[data-field]')
  const card = document.querySelector('[data-field-state]')
  let record = null

  async function show() {
    const records = await queue.list()
    const mine = records.filter((each) => each.reader === reader)
    unsent = mine.some((each) => !queue.ENDED.includes(each.state))
    for (const link of document.querySelectorAll('[data-field-task]')) {
      const found = mine.find((each) => each.path === new URL(link.href).pathname)
      const tag = link.closest('li').querySelector('[data-field-tag]')
      tag.hidden = !found
      if (found) tag.textContent = words[found.state]
    }
    const others = document.querySelector('[data-others-records]')
    if (others) others.hidden = records.every((each) => each.reader === reader || queue.ENDED.includes(each.state))
    if (record) {
      record = (await queue.get(record.key)) || record
      await showRecord()
    }
  }

  async function showRecord() {
    if (!card) return
    const photos = await queue.photosOf(record.key)
    const { state } = record
    card.hidden = state === 'draft' && !record.changed
    card.dataset.state = state
    card.querySelector('[data-state-word]').textContent = words[state]
    const sent = photos.filter((each) => each.sent).length
    const told = state === 'sending' && photos.length ? `${sent} / ${photos.length} ${words.photos}` : record.conflict || ''
    card.querySelector('[data-state-more]').textContent = told
    fillList(record.errors || [])
    const link = card.querySelector('[data-state-link]')
    link.hidden = !record.url && state !== 'signin'
    link.href = record.url || `/account/login/?next=${encodeURIComponent(location.pathname)}`
    link.textContent = record.url ? words.open : words.signIn
    const offered = { send: ['waiting', 'signin', 'other'], change: ['waiting', 'refused', 'signin'], download: ['waiting', 'refused', 'kept', 'gone', 'signin', 'other'], remove: ['gone'] }
    for (const button of card.querySelectorAll('[data-state-do]')) {
      button.hidden = !offered[button.dataset.stateDo].includes(state)
    }
    card.querySelector('[data-state-actions]').hidden = [...card.querySelectorAll('[data-state-actions] > *')].every((each) => each.hidden)
    form.hidden = !['draft', 'refused'].includes(state)
  }

  function fillList(lines) {
    const list = card.querySelector('[data-state-list]')
    list.hidden = !lines.length
    list.replaceChildren(
      ...lines.map((line) => {
        const row = document.createElement('li')
        row.textContent = line
        return row
      })
    )
  }

  // --- where the device says that it is: asked for, never waited for long, never owed ---------------------------------------------
  let place = null
  function locate(wait) {
    if (!navigator.geolocation) return Promise.resolve(null)
    const found = new Promise((done) => {
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => done({ latitude: coords.latitude, longitude: coords.longitude, accuracy: Math.round(coords.accuracy) }),
        () => done(null),
        { enableHighAccuracy: true, timeout: 8000, maximumAge: 60_000 }
      )
    })
    const enough = new Promise((done) => setTimeout(() => done(place), wait))
    return Promise.race([found, enough]).then((at) => (place = at || place))
  }

  // --- photos: upright and no larger than one looks at ------------------------------------------------------------------------------
  async function smaller(file) {
    const picture = await createImageBitmap(file, { imageOrientation: 'from-image' })
    const by = Math.min(1, LONGEST / Math.max(picture.width, picture.height))
    const canvas = document.createElement('canvas')
    canvas.width = Math.round(picture.width * by)
    canvas.height = Math.round(picture.height * by)
    canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height)
    picture.close()
    return new Promise((done) => canvas.toBlob(done, 'image/jpeg', 0.85))
  }

  async function addPhotos(input) {
    const item = input.closest('[data-item]')?.dataset.item || ''
    const told = new Date()
    locate(8000)
    for (const file of [...input.files]) {
      try {
        const blob = await smaller(file)
        const photo = { key: crypto.randomUUID(), record: record.key, item, blob, told_at: told.toISOString(), sent: false }
        await queue.putPhoto({ ...photo, ...(await locate(1500)) })
      } catch {
        fillList([/hei[cf]$/i.test(file.type || file.name) ? words.heic : words.unread])
        card.hidden = false
      }
    }
    input.value = ''
    await keep()
    await showPhotos()
  }

  async function showPhotos() {
    const photos = await queue.photosOf(record.key)
    for (const box of form.querySelectorAll('[data-item]')) {
      const own = photos.filter((each) => each.item === box.dataset.item)
      box.querySelector('[data-photos]').replaceChildren(...own.map(photoRow))
      if (own.length && box.dataset.item && box.dataset.photoNeeded !== 'always') box.querySelector('details').open = true
    }
  }

  function photoRow(photo) {
    const row = document.createElement('li')
    const said = new Date(photo.told_at).toLocaleTimeString(document.documentElement.lang)
    row.append(`${words.photo} ${said}${photo.latitude === undefined ? ` · ${words.noPlace}` : ''} `)
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'tb-button tb-button--quiet'
    button.textContent = words.remove
    button.setAttribute('aria-label', `${words.remove}: ${words.photo} ${said}`)
    button.addEventListener('click', async () => {
      await queue.removePhoto(photo.key)
      await showPhotos()
    })
    row.append(button)
    return row
  }

  // --- the signature ----------------------------------------------------------------------------------------------------------------
  const box = form?.querySelector('[data-signature]')
  const canvas = box?.querySelector('canvas')
  let drawn = false

  function showSignature() {
    box.hidden = form.elements.signing.value !== 'signed'
  }

  function pen(event) {
    const frame = canvas.getBoundingClientRect()
    return [((event.clientX - frame.left) * canvas.width) / frame.width, ((event.clientY - frame.top) * canvas.height) / frame.height]
  }

  function startSignature() {
    const ink = canvas.getContext('2d')
    let down = false
    canvas.addEventListener('pointerdown', (event) => {
      down = drawn = true
      canvas.setPointerCapture(event.pointerId)
      ink.lineWidth = 4
      ink.lineCap = ink.lineJoin = 'round'
      ink.beginPath()
      ink.moveTo(...pen(event))
    })
    canvas.addEventListener('pointermove', (event) => {
      if (!down) return
      ink.lineTo(...pen(event))
      ink.stroke()
    })
    canvas.addEventListener('pointerup', () => {
      down = false
      form.elements.signature.value = canvas.toDataURL('image/png')
      keep()
    })
    box.querySelector('[data-signature-clear]').addEventListener('click', () => {
      ink.clearRect(0, 0, canvas.width, canvas.height)
      drawn = false
      form.elements.signature.value = ''
      keep()
    })
  }

  // --- the form -------------------------------------------------------------------------------------------------------------------------
  const OWN = ['csrfmiddlewaretoken', 'key', 'checklist']

  const written = () => [...new FormData(form)].filter(([name, value]) => typeof value === 'string' && name !== 'csrfmiddlewaretoken')

  async function keep() {
    if (!['draft', 'refused'].includes(record.state)) return
    record = { ...record, fields: written(), changed: Date.now() }
    await queue.put(record)
  }

  function restore() {
    for (const [name, value] of record.fields) {
      const field = OWN.includes(name) ? null : form.elements[name]
      if (field && field.type === 'checkbox') field.checked = true
      else if (field) field.value = value // of radios too: it chooses the one with that value
    }
    if (form.elements.signature.value) {
      const picture = new Image()
      picture.onload = () => canvas.getContext('2d').drawImage(picture, 0, 0)
      picture.src = form.elements.signature.value
      drawn = true
    }
    showSignature()
  }

  // What is surely missing is said on the spot; all the rest is judged where the record arrives.
  async function missing() {
    const photos = await queue.photosOf(record.key)
    const lines = []
    for (const each of form.querySelectorAll('section[data-item]')) {
      const { item, photoNeeded, least, most } = each.dataset
      const asked = form.elements[`f-${item}`]
      const title = each.querySelector('legend, label').textContent.trim()
      const value = form.elements[`na-${item}`]?.checked ? 'na' : asked ? asked.value.trim() : ''
      if (asked && !value) lines.push(title)
      const outside = value !== 'na' && ((least && Number(value) < Number(least)) || (most && Number(value) > Number(most)))
      const needed = photoNeeded === 'always' || (photoNeeded === 'failing' && (value === 'no' || outside))
      if (needed && value !== 'na' && !photos.some((photo) => photo.item === item)) lines.push(`${words.photo}: ${title}`)
    }
    for (const name of ['result', 'statement', 'signing']) {
      if (!form.elements[name].value.trim()) lines.push(titleOf(name))
    }
    const { signing, present, signing_words: why, signature, signature_file: file } = form.elements
    if (signing.value === 'signed' && !present.value.trim()) lines.push(titleOf('present'))
    if (signing.value === 'signed' && !signature.value && !file.files.length) lines.push(words.signature)
    if (signing.value && signing.value !== 'signed' && !why.value.trim()) lines.push(titleOf('signing_words'))
    return lines
  }

  function titleOf(name) {
    const field = form.elements[name]
    const one = field instanceof RadioNodeList ? field[0] : field
    const legend = one.closest('fieldset')?.querySelector('legend')
    return (legend || form.querySelector(`label[for="${one.id}"]`)).textContent.trim()
  }

  async function finish() {
    const lines = await missing()
    if (lines.length) {
      await keep()
      record = { ...record, state: 'refused', errors: lines, url: '' }
      await queue.put(record)
    } else {
      const file = form.elements.signature_file.files[0]
      if (file) form.elements.signature.value = await paperSignature(file)
      const at = await locate(3000)
      const told = [['told_at', new Date().toISOString()], ...Object.entries(at || {}).map(([name, value]) => [name, String(value)])]
      record = { ...record, state: 'waiting', errors: [], url: '', conflict: '', fields: [...written(), ...told], changed: Date.now() }
      await queue.put(record)
      wake().catch(() => {})
    }
    await show()
    card.tabIndex = -1
    card.focus()
    card.scrollIntoView({ block: 'start' })
    if (!lines.length && navigator.onLine) send()
  }

  async function paperSignature(file) {
    const picture = await createImageBitmap(await smaller(file))
    const by = Math.min(1, 800 / picture.width)
    const paper = document.createElement('canvas')
    paper.width = picture.width * by
    paper.height = picture.height * by
    paper.getContext('2d').drawImage(picture, 0, 0, paper.width, paper.height)
    return paper.toDataURL('image/png')
  }

  // --- what somebody wrote, as a page of its own: it can be read and printed anywhere ----------------------------------------------------
  async function download() {
    const page = document.implementation.createHTMLDocument(document.title)
    const list = page.createElement('dl')
    for (const [name, value] of record.fields) {
      if (OWN.includes(name) || name === 'signature') continue
      const [term, said] = [page.createElement('dt'), page.createElement('dd')]
      term.textContent = form.elements[name] ? titleOf(name) : name
      said.textContent = value
      list.append(term, said)
    }
    page.body.append(list)
    const shown = record.fields.filter(([name, value]) => name === 'signature' && value).map(([, value]) => value)
    for (const photo of await queue.photosOf(record.key)) shown.push(await asText(photo.blob))
    for (const source of shown) {
      const picture = page.createElement('img')
      picture.setAttribute('src', source)
      picture.setAttribute('width', '480')
      page.body.append(picture)
    }
    const link = document.createElement('a')
    link.href = URL.createObjectURL(new Blob(['<!doctype html><meta charset="utf-8">', page.documentElement.outerHTML], { type: 'text/html' }))
    link.download = `${record.key}.html`
    link.click()
  }

  const asText = (blob) =>
    new Promise((done) => {
      const reading = new FileReader()
      reading.onload = () => done(reading.result)
      reading.readAsDataURL(blob)
    })

  async function begin() {
    await clean()
    await agree()
    if (form) {
      const asked = new URLSearchParams(location.search).get('key')
      const own = (await queue.list()).filter((each) => each.path === location.pathname && each.reader === reader)
      const found = own.find((each) => each.key === asked) || own.find((each) => !queue.ENDED.includes(each.state))
      const fresh = { key: asked || crypto.randomUUID(), path: location.pathname, reader, state: 'draft', fields: [] }
      record = found || fresh
      if (record.key === asked && record.state === 'kept') record = { ...record, state: 'draft', conflict: '', url: '' }
      for (const input of form.querySelectorAll('input[type=file]')) input.dataset.taken = 'here'
      startSignature()
      if (found) restore()
      form.addEventListener('input', () => keep())
      form.addEventListener('change', (event) => {
        if (event.target.matches('[data-photo]')) addPhotos(event.target)
        else showSignature()
        // Where a photo is owed with that answer, the place for it is shown.
        const box = event.target.closest('[data-photo-needed=failing]')
        if (box && event.target.value === 'no') box.querySelector('details').open = true
      })
      form.addEventListener('submit', (event) => {
        event.preventDefault()
        event.stopPropagation() // it is not sent now, so it may be pressed again
        finish()
      })
      card.addEventListener('click', async (event) => {
        const what = event.target.closest('[data-state-do]')?.dataset.stateDo
        if (what === 'send') await send()
        if (what === 'download') await download()
        if (what === 'remove') await queue.remove(record.key).then(() => location.assign('/field/'))
        if (what === 'change') await queue.put({ ...record, state: 'draft', errors: [] }).then(show)
      })
      await showPhotos()
      if (!found) record.fields = written()
    }
    await show()
    if (navigator.onLine) send()
  }

  // What its writer has done about a record that something stood against is known here when the record is opened.
  async function agree() {
    const { fieldRecord, fieldRecordState } = document.querySelector('[data-field-record]')?.dataset || {}
    const found = fieldRecord && (await queue.get(fieldRecord))
    if (!found || !queue.ENDED.includes(fieldRecordState) || queue.ENDED.includes(found.state)) return
    for (const photo of await queue.photosOf(found.key)) await queue.removePhoto(photo.key)
    await queue.put({ ...found, state: fieldRecordState, fields: [], arrived: Date.now() })
  }

  // What has arrived is forgotten after a day: by then the list itself says it.
  async function clean() {
    for (const each of await queue.list()) {
      if (each.arrived && Date.now() - each.arrived > 86_400_000) await queue.remove(each.key)
    }
  }
  begin()
})()
