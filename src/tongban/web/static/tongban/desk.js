// What a script can add to the desk, which works without one: selecting rows of the queue, and keys.
'use strict'

// Boxes of the queue: Shift selects everything in between, the box above all of the page, and how many is said.
const together = document.getElementById('together')
if (together) {
  const boxes = [...document.querySelectorAll('input[name=step][form=together]')]
  const all = together.querySelector('[data-all]')
  const said = together.querySelector('[data-selected]')
  let last
  const tell = () => {
    const count = boxes.filter((box) => box.checked).length
    all.checked = count === boxes.length
    all.indeterminate = count > 0 && count < boxes.length
    said.textContent = count ? `${said.dataset.selected} ${count}` : ''
  }
  for (const box of boxes) {
    box.addEventListener('click', (event) => {
      const from = boxes.indexOf(last)
      if (event.shiftKey && from >= 0) {
        const to = boxes.indexOf(box)
        for (const each of boxes.slice(Math.min(from, to), Math.max(from, to) + 1)) each.checked = box.checked
      }
      last = box
      tell()
    })
  }
  all.addEventListener('change', () => {
    for (const box of boxes) box.checked = all.checked
    tell()
  })
  // A browser that comes back remembers what was ticked.
  window.addEventListener('pageshow', tell)
}

// Keys for the whole of a day's work. A key is taken only while nobody types, no menu or window is open, no Ctrl, Alt or
// Meta is held, and the reader has not switched keys off. `data-key` on a link, a button or a summary says which is its.
const help = document.getElementById('keys')
const keysAreOn = () => document.documentElement.dataset.keys !== 'off'
const isTyped = (target) => target.isContentEditable || target.matches('textarea, select, input:not([type=checkbox], [type=radio])')
const rows = () => [...document.querySelectorAll('[data-row]')]
const isShown = (element) => element.getClientRects().length > 0

function goes(step) {
  const links = rows()
  const at = links.indexOf(document.activeElement.closest?.('tr, li')?.querySelector('[data-row]'))
  const next = links[at < 0 ? 0 : at + step]
  next?.focus()
  next?.scrollIntoView({ block: 'nearest' })
  return Boolean(links.length)
}

function ticks() {
  const box = document.activeElement.closest?.('tr')?.querySelector('input[name=step]')
  box?.click()
  return Boolean(box)
}

function presses(key) {
  const known = [...document.querySelectorAll(`[data-key="${key}"]`)]
  const marked = known.filter(isShown)
  // Of several, that of the form in which the work is, then the first of the page itself, then of what is beside it;
  // taking a step on needs nothing to be opened before.
  const here = document.activeElement.closest?.('details, form')
  const found = marked.find((each) => here?.contains(each)) || marked.find((each) => each.closest('main')) || marked[0] || (key === 't' && known[0])
  if (!found) return false
  if (found.matches('summary')) {
    found.parentElement.open = true
    const field = found.parentElement.querySelector('input:not([type=hidden]), textarea, select, button')
    field.focus()
  } else if (found.matches('select, input:not([type=checkbox])')) {
    found.focus()
  } else found.click()
  return true
}

const own = {
  j: () => goes(1),
  k: () => goes(-1),
  x: ticks,
  '?': () => {
    help?.showModal()
    return Boolean(help)
  },
  '/': () => {
    const search = document.querySelector('[data-search]')
    search?.focus()
    return Boolean(search)
  },
}

document.addEventListener('keydown', (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (step && event.target.closest('[data-keys=rows]') && !isTyped(event.target)) {
    goes(step)
    event.preventDefault()
    return
  }
  if (!keysAreOn() || document.querySelector('dialog[open], details[data-menu][open]')) return
  if (isTyped(event.target)) {
    // Out of a field, so that keys count again: what is written stays, and is kept as a draft by itself.
    if (event.key === 'Escape') event.target.closest('details')?.querySelector('summary')?.focus()
    return
  }
  const done = own[event.key] ? own[event.key]() : /^[a-z]$/.test(event.key) && presses(event.key)
  if (done) event.preventDefault()
})
for (const button of document.querySelectorAll('[data-shows-keys]')) button.addEventListener('click', () => help.showModal())
for (const button of document.querySelectorAll('[data-hides-keys]')) button.addEventListener('click', () => help.close())

// Coming back to the queue: the focus is on the row where the work was, if it is still there. The address names the link
// itself: were it the row, the browser would take the focus away again once the page has come.
if (location.hash.startsWith('#at-')) document.getElementById(location.hash.slice(1))?.focus()
