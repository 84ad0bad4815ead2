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

// Where in the picture a note belongs: pressed or drawn there, or moved with arrow keys in the fields, which also do alone.
const page = document.querySelector('[data-sheet-page]')
const spot = document.querySelector('[data-spot]')
if (page && spot) {
  const parts = Object.fromEntries([...spot.querySelectorAll('[data-spot-part]')].map((each) => [each.dataset.spotPart, each]))
  const [box, dot] = page.querySelectorAll('[data-sheet-new]')
  const picture = page.querySelector('img')
  const value = (name) => Math.min(Math.max(Number(parts[name].value) || 0, 0), 100)
  const draw = () => {
    const there = parts.x.value !== '' && parts.y.value !== ''
    const wide = value('width') && value('height')
    for (const [name, of] of Object.entries({ x: 'x', y: 'y', width: 'width', height: 'height' })) box.setAttribute(name, `${value(of)}%`)
    dot.setAttribute('cx', `${value('x')}%`)
    dot.setAttribute('cy', `${value('y')}%`)
    box.setAttribute('visibility', there && wide ? 'visible' : 'hidden')
    dot.setAttribute('visibility', there && !wide ? 'visible' : 'hidden')
  }
  const put = (x, y, width, height) => {
    for (const [name, share] of Object.entries({ x, y, width, height })) parts[name].value = share ? share.toFixed(1) : name === 'x' || name === 'y' ? '0' : ''
    draw()
  }
  const share = (event) => [(100 * event.offsetX) / picture.offsetWidth, (100 * event.offsetY) / picture.offsetHeight].map((each) => Math.min(Math.max(each, 0), 100))
  let from = null
  picture.addEventListener('pointerdown', (event) => {
    if (event.button !== 0 || event.pointerType === 'touch') return
    from = share(event)
    picture.setPointerCapture(event.pointerId)
  })
  const until = (event, done) => {
    if (!from) return
    const [x, y] = share(event)
    const [width, height] = [Math.abs(x - from[0]), Math.abs(y - from[1])]
    // A hand is never quite still: what is smaller than this is a point.
    if (width > 1.5 && height > 1.5) put(Math.min(x, from[0]), Math.min(y, from[1]), width, height)
    else if (done) put(from[0], from[1], 0, 0)
    if (!done) return
    from = null
    spot.closest('details').open = true
  }
  picture.addEventListener('pointermove', (event) => until(event, false))
  picture.addEventListener('pointerup', (event) => until(event, true))
  picture.addEventListener('pointercancel', () => { from = null })
  // A finger scrolls the picture; a short touch points.
  picture.addEventListener('click', (event) => {
    if (event.pointerType !== 'touch') return
    put(...share(event), 0, 0)
    spot.closest('details').open = true
  })
  spot.addEventListener('input', draw)
  spot.querySelector('[data-spot-clear]').addEventListener('click', () => {
    for (const each of Object.values(parts)) each.value = ''
    draw()
  })
}
