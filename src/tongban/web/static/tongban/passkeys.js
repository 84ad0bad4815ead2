// Passkeys are offered where the browser has them; what goes wrong is said on the page, not on the console.
'use strict'

const able = 'credentials' in navigator && 'PublicKeyCredential' in window
for (const each of document.querySelectorAll('[data-passkey]')) each.hidden = !able
for (const each of document.querySelectorAll('[data-passkey-unable]')) each.hidden = able

document.addEventListener('allauth.error', (event) => {
  const box = document.querySelector('[data-passkey-failed]')
  if (!box) return
  event.preventDefault()
  box.hidden = false
  box.focus()
})
