// An identity provider on loopback: `node provider.mjs PORT REDIRECT`. Who signs in next is told by POST /next.
// The login and the consent are answered by it at once; everything else is the library's own, as in production.
import Provider from 'oidc-provider'

const [port, redirect] = process.argv.slice(2)
const issuer = `http://127.0.0.1:${port}`
let next = { account: 'nobody', acr: 'urn:test:password', claims: {} }
const people = new Map()

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: 'tongban',
      client_secret: 'a-secret-of-the-tests',
      redirect_uris: [redirect],
      grant_types: ['authorization_code'],
      response_types: ['code'],
    },
  ],
  pkce: { required: () => true, methods: ['S256'] },
  acrValues: ['urn:test:password', 'urn:test:card'],
  claims: { acr: null, openid: ['sub'], identity: ['name', 'identity_number'] },
  features: { devInteractions: { enabled: false } },
  cookies: { keys: ['a-key-of-the-tests'] },
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_ctx, id) => ({ accountId: id, claims: async () => ({ sub: id, ...people.get(id) }) }),
})

async function answer(ctx) {
  const { prompt, params, session, grantId } = await provider.interactionDetails(ctx.req, ctx.res)
  if (prompt.name === 'login') {
    people.set(next.account, next.claims)
    const result = { login: { accountId: next.account, acr: next.acr } }
    return provider.interactionFinished(ctx.req, ctx.res, result, { mergeWithLastSubmission: false })
  }
  const accountId = session.accountId
  const grant = grantId
    ? await provider.Grant.find(grantId)
    : new provider.Grant({ accountId, clientId: params.client_id })
  grant.addOIDCScope(params.scope)
  const result = { consent: { grantId: await grant.save() } }
  return provider.interactionFinished(ctx.req, ctx.res, result, { mergeWithLastSubmission: true })
}

provider.use(async (ctx, go) => {
  if (ctx.path === '/next' && ctx.method === 'POST') {
    const parts = []
    for await (const part of ctx.req) parts.push(part)
    next = JSON.parse(Buffer.concat(parts).toString())
    ctx.body = 'ok'
    return
  }
  if (ctx.path.startsWith('/interaction/')) {
    ctx.respond = false
    await answer(ctx)
    return
  }
  await go()
})

provider.listen(Number(port), '127.0.0.1', () => console.log(`ready ${issuer}`))
