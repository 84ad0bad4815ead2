// The switch on the page of notices: asks the browser, and hands its subscription over.
'use strict'

const box = document.querySelector('[data-push]')

async function subscribe() {
  const worker = await navigator.serviceWorker.register('/service-worker.js')
  await navigator.serviceWorker.ready
  const found = await worker.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: box.dataset.push,
  })
  const answer = await fetch(box.dataset.url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-CSRFToken': box.dataset.token },
    body: JSON.stringify(found),
  })
  if (!answer.ok) throw new Error(String(answer.status))
  location.reload()
}

if (box && 'serviceWorker' in navigator && 'PushManager' in window) {
  box.hidden = false
  box.querySelector('button').addEventListener('click', () => {
    subscribe().catch(() => {
      box.querySelector('[data-push-refused]').hidden = false
    })
  })
}
