// What a script can add to the desk, which works without one: selecting rows of the queue.
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
