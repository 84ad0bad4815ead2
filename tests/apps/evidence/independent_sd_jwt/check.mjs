// Checks a token with an implementation of SD-JWT VC that is not ours (Open Wallet Foundation's), from the issuer's
// metadata and nothing else. In on stdin: {tokens: {name: token}, metadata}. Out: {name: {claims} or {why}}.

import {SDJwtVcInstance} from '@sd-jwt/sd-jwt-vc';
import {createHash, createPublicKey, verify} from 'node:crypto';
import {readFileSync} from 'node:fs';

const {tokens, metadata} = JSON.parse(readFileSync(0, 'utf8'));

function check(data, signature) {
  const header = JSON.parse(Buffer.from(data.split('.')[0], 'base64url'));
  const found = metadata.jwks.keys.find(each => each.kid === header.kid);
  if(!found) {
    throw new Error('no such key');
  }
  const key = createPublicKey({key: found, format: 'jwk'});
  return verify(null, Buffer.from(data), key, Buffer.from(signature, 'base64url'));
}

const library = new SDJwtVcInstance({
  verifier: check,
  hasher: (data, algorithm) => new Uint8Array(createHash(algorithm.replace('-', '')).update(data).digest()),
  hashAlg: 'sha-256'
});

const told = {};
for(const [name, token] of Object.entries(tokens)) {
  try {
    const {payload} = await library.verify(token);
    told[name] = payload.iss === metadata.issuer ? {claims: payload} : {why: 'another issuer'};
  } catch(error) {
    told[name] = {why: String(error.message)};
  }
}
process.stdout.write(JSON.stringify(told));
