// What a script can add to pages that work without one. No framework, no inline code, nothing kept.
'use strict'

document.documentElement.classList.add('tb-js')

// Menus close with Escape and with a press elsewhere.
function closeMenus(except) {
  for (const menu of document.querySelectorAll('details[data-menu][open]')) {
    if (menu !== except) menu.open = false
  }
}
document.addEventListener('click', (event) => closeMenus(event.target.closest('details[data-menu]')))
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return
  const open = document.querySelector('details[data-menu][open]')
  if (open) {
    open.open = false
    open.querySelector('summary').focus()
  }
})

// A form marked data-once is sent once, however often its button is pressed. The server holds to that too.
document.addEventListener('submit', (event) => {
  const form = event.target
  if (!form.hasAttribute('data-once')) return
  if (form.dataset.sent) {
    event.preventDefault()
    return
  }
  form.dataset.sent = 'yes'
  // Disabled only after the browser has taken the pressed button's own name and value.
  setTimeout(() => {
    for (const button of form.querySelectorAll('button[type=submit]')) button.setAttribute('aria-disabled', 'true')
  })
})
// Coming back with the browser's own button finds the form ready again.
window.addEventListener('pageshow', (event) => {
  if (!event.persisted) return
  for (const form of document.querySelectorAll('form[data-sent]')) {
    delete form.dataset.sent
    for (const button of form.querySelectorAll('[aria-disabled]')) button.removeAttribute('aria-disabled')
  }
})

document.addEventListener('click', async (event) => {
  const button = event.target.closest('[data-print], [data-copy], [data-share]')
  if (!button) return
  if (button.hasAttribute('data-print')) window.print()
  if (button.dataset.copy && navigator.clipboard) {
    await navigator.clipboard.writeText(button.dataset.copy)
    const said = button.querySelector('[data-copied]')
    if (said) said.hidden = false
  }
  if (button.hasAttribute('data-share')) {
    const page = { title: document.title, url: button.dataset.share || location.href }
    if (navigator.share) navigator.share(page).catch(() => {})
    else if (navigator.clipboard) navigator.clipboard.writeText(page.url)
  }
})

// Files may be dropped onto a file field.
for (const box of document.querySelectorAll('[data-file]')) {
  const input = box.querySelector('input[type=file]')
  for (const name of ['dragover', 'dragleave', 'drop']) {
    box.addEventListener(name, (event) => {
      event.preventDefault()
      box.classList.toggle('tb-file--over', name === 'dragover')
    })
  }
  box.addEventListener('drop', (event) => {
    if (!event.dataTransfer.files.length) return
    input.files = event.dataTransfer.files
    input.dispatchEvent(new Event('change', { bubbles: true }))
  })
}

// A photo as iPhones keep it (HEIC) becomes a JPEG where this browser opens it; where not, what helps is said.
const isHeic = ({ name, type }) => /hei[cf]$/i.test(type || name)
async function asJpeg(file) {
  const picture = await createImageBitmap(file)
  const canvas = document.createElement('canvas')
  canvas.width = picture.width
  canvas.height = picture.height
  canvas.getContext('2d').drawImage(picture, 0, 0)
  const blob = await new Promise((done) => canvas.toBlob(done, 'image/jpeg', 0.9))
  return new File([blob], `${file.name}.jpg`, { type: 'image/jpeg' })
}
document.addEventListener('change', async ({ target: input }) => {
  const said = input.closest('[data-file]')?.querySelector('[data-heic]')
  if (!said || input.dataset.taken) return
  said.hidden = true
  if (![...input.files].some(isHeic)) return
  const chosen = new DataTransfer()
  try {
    for (const file of input.files) chosen.items.add(isHeic(file) ? await asJpeg(file) : file)
    input.files = chosen.files
  } catch {
    input.value = ''
    said.hidden = false
  }
})

// A ready-made text goes where the cursor is, without leaving the page. If it cannot be had, the button sends the form.
document.addEventListener('click', async (event) => {
  const button = event.target.closest('[data-ready] button')
  const box = button?.closest('[data-ready]')
  const chosen = box?.querySelector('select').value
  if (!button || !chosen || button.dataset.plain) return
  event.preventDefault()
  try {
    const answer = await fetch(`/desk/phrases/${chosen}/words`)
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status))
    const field = document.getElementById(box.dataset.ready)
    const words = await answer.text()
    const joint = field.selectionStart > 0 && field.value[field.selectionStart - 1] !== '\n' ? '\n' : ''
    field.focus()
    field.setRangeText(joint + words, field.selectionStart, field.selectionEnd, 'end')
    field.dispatchEvent(new Event('input', { bubbles: true }))
  } catch {
    button.dataset.plain = 'yes'
    button.click()
  }
})
// Enter in the list of texts presses its button: the hands stay on the keys.
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || !event.target.matches('[data-ready] select') || !event.target.value) return
  event.preventDefault()
  event.target.closest('[data-ready]').querySelector('button').click()
})

// What is written in a form marked data-keep is kept while it is written, and when the page is left.
for (const form of document.querySelectorAll('form[data-keep]')) {
  const said = form.querySelector('[data-kept]')
  let waiting
  const keep = async () => {
    clearTimeout(waiting)
    waiting = undefined
    if (form.dataset.sent) return
    const headers = { 'X-Requested-With': 'fetch' }
    try {
      const answer = await fetch(form.dataset.keep, { method: 'POST', body: new FormData(form), headers, keepalive: true })
      said.textContent = answer.ok && !answer.redirected ? await answer.text() : said.dataset.kept
    } catch {
      said.textContent = said.dataset.kept
    }
  }
  form.addEventListener('input', (event) => {
    if (event.target.name === 'phrase') return
    clearTimeout(waiting)
    waiting = setTimeout(keep, 3000)
  })
  form.addEventListener('submit', () => clearTimeout(waiting))
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden' && waiting) keep()
  })
}

// Ctrl+K goes to the search box of the page.
document.addEventListener('keydown', (event) => {
  if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return
  const search = document.querySelector('[data-search]')
  if (search) {
    event.preventDefault()
    search.focus()
    search.select()
  }
})

// Suggestions under a search box: a list that the arrows move in, Enter opens and Escape closes. Without a script, or
// where the network is slow or down, the box simply searches.
for (const input of document.querySelectorAll('[data-suggest]')) {
  const list = document.createElement('div')
  const said = document.createElement('p')
  list.id = `${input.id}-list`
  list.className = 'tb-suggest'
  list.hidden = true
  list.setAttribute('role', 'listbox')
  list.setAttribute('aria-label', input.dataset.suggestLabel)
  said.className = 'tb-sr'
  said.setAttribute('role', 'status')
  input.form.append(list, said)
  const attributes = { role: 'combobox', 'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': list.id }
  for (const [name, value] of Object.entries(attributes)) input.setAttribute(name, value)
  let waiting, asked
  const options = () => [...list.querySelectorAll('[role=option]')]
  const here = () => options().findIndex((option) => option.getAttribute('aria-selected') === 'true')
  const show = (open) => {
    list.hidden = !open
    input.setAttribute('aria-expanded', String(open))
    if (!open) choose(-1)
  }
  const choose = (at) => {
    options().forEach((option, index) => option.setAttribute('aria-selected', String(index === at)))
    const option = options()[at]
    if (option) {
      input.setAttribute('aria-activedescendant', option.id)
      option.scrollIntoView({ block: 'nearest' })
    } else input.removeAttribute('aria-activedescendant')
  }
  const ask = async () => {
    const text = input.value.trim()
    asked?.abort()
    if (!text) return show(false)
    asked = new AbortController()
    try {
      const answer = await fetch(`${input.dataset.suggest}?q=${encodeURIComponent(text)}`, { signal: asked.signal })
      if (!answer.ok) return show(false)
      list.innerHTML = await answer.text()
      const words = list.querySelector('[data-said]')
      said.textContent = words.textContent.trim()
      words.remove()
      show(document.activeElement === input && options().length > 0)
    } catch {
      // A later letter has asked anew, or there is no network.
    }
  }
  input.addEventListener('input', (event) => {
    clearTimeout(waiting)
    // While characters are composed (pinyin input), nothing is asked.
    if (!event.isComposing) waiting = setTimeout(ask, 150)
  })
  input.addEventListener('compositionend', ask)
  // A press on a suggestion leaves the focus where it is, so that the list stays until the link is followed.
  list.addEventListener('mousedown', (event) => event.preventDefault())
  input.addEventListener('blur', () => show(false))
  input.addEventListener('keydown', (event) => {
    if (event.isComposing || list.hidden) return
    const count = options().length
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step) {
      event.preventDefault()
      // One place more than there are options: the box itself, with what was typed.
      choose(((here() + 1 + step + count + 1) % (count + 1)) - 1)
    } else if (event.key === 'Enter' && here() >= 0) {
      event.preventDefault()
      location.href = options()[here()].href
    } else if (event.key === 'Escape') {
      event.preventDefault()
      show(false)
    }
  })
}

const summary = document.querySelector('[data-error-summary]')
if (summary) summary.focus()
