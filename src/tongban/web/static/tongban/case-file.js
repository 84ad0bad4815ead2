// The picture of a material is enlarged and turned in its place; the same links do it without this script.
'use strict'

const sheet = document.getElementById('sheet')
const ways = document.querySelector('[data-sheet-ways]')
if (sheet && ways) {
  const sizes = [...ways.querySelectorAll('[data-size]')]
  const show = (size, turn) => {
    sheet.dataset.size = size
    sheet.dataset.turn = turn
    for (const each of sizes) {
      if (each.dataset.size === size) each.setAttribute('aria-current', 'true')
      else each.removeAttribute('aria-current')
    }
    const url = new URL(location.href)
    url.searchParams.set('size', size)
    url.searchParams.set('turn', turn)
    history.replaceState(null, '', url)
  }
  const turned = (by) => String((Number(sheet.dataset.turn) + Number(by)) % 360)
  const enlarged = (by) => {
    const at = sizes.findIndex((each) => each.dataset.size === sheet.dataset.size)
    return sizes[Math.min(Math.max(at + by, 0), sizes.length - 1)].dataset.size
  }
  ways.addEventListener('click', (event) => {
    const way = event.target.closest('a')
    if (!way) return
    event.preventDefault()
    if (way.dataset.size) show(way.dataset.size, sheet.dataset.turn)
    else show(sheet.dataset.size, turned(way.dataset.turn))
  })
  sheet.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const does = {
      '+': () => show(enlarged(1), sheet.dataset.turn),
      '=': () => show(enlarged(1), sheet.dataset.turn),
      '-': () => show(enlarged(-1), sheet.dataset.turn),
      0: () => show('fit', sheet.dataset.turn),
      r: () => show(sheet.dataset.size, turned(90)),
    }[event.key]
    const link = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`)
    if (!does && !link) return
    event.preventDefault()
    if (does) does()
    else link.click()
  })
  if (location.hash === '#sheet') sheet.focus({ preventScroll: true })
}
