// What a notice does in a browser that is told: shown, and opened when it is pressed. Imported by /service-worker.js.
'use strict'

self.addEventListener('push', (event) => {
  let said = {}
  try {
    said = event.data ? event.data.json() : {}
  } catch (error) {
    said = {}
  }
  const shown = self.registration.showNotification(said.title || '', {
    body: said.body || '',
    tag: said.tag || undefined,
    data: { url: said.url || '/inbox/' },
    icon: '/static/tongban/seal.svg',
  })
  event.waitUntil(shown)
})

self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  // Only ever to a page of this site, whatever the message said.
  const wanted = new URL(event.notification.data.url, self.location.origin)
  const url = wanted.origin === self.location.origin ? wanted.href : '/inbox/'
  event.waitUntil(
    self.clients.matchAll({ type: 'window', includeUncontrolled: true }).then((windows) => {
      const open = windows.find((each) => each.url === url)
      return open ? open.focus() : self.clients.openWindow(url)
    })
  )
})
