// Checks credentials with an implementation that is not ours (Digital Bazaar's), without any network: whatever it
// wants to load is in `documents`. In on stdin: {documents: {url: document}, credentials: {name: document}, now}.
// Out on stdout: {name: {verified, why}}.

import * as vc from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {checkStatus, statusTypeMatches} from '@digitalbazaar/vc-bitstring-status-list';
import {createVerifyCryptosuite} from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import {contexts} from '@digitalbazaar/credentials-context';
import {readFileSync} from 'node:fs';

const {documents, credentials, now} = JSON.parse(readFileSync(0, 'utf8'));
const suite = new DataIntegrityProof({cryptosuite: createVerifyCryptosuite()});

function documentLoader(url) {
  const [whole, fragment] = url.split('#');
  let document = contexts.get(url) ?? documents[whole];
  if(document === undefined) {
    throw new Error(`not at hand: ${url}`);
  }
  if(fragment && whole.startsWith('did:')) {
    const method = document.verificationMethod.find(each => each.id === url);
    if(!method) {
      throw new Error(`no such key: ${url}`);
    }
    document = {'@context': document['@context'], ...method};
  }
  return {document, documentUrl: url, contextUrl: null};
}

async function statusOf(options) {
  if(!statusTypeMatches(options)) {
    return {verified: false, error: new Error('no status')};
  }
  const found = await checkStatus(options);
  const set = (found.results ?? []).filter(each => each.status).map(each => each.credentialStatus.statusPurpose);
  if(found.verified && set.length) {
    return {...found, verified: false, error: new Error(`status set: ${set}`)};
  }
  return found;
}

const answers = {};
for(const [name, credential] of Object.entries(credentials)) {
  const found = await vc.verifyCredential({
    credential, suite, documentLoader: async url => documentLoader(url), checkStatus: statusOf, now: new Date(now)
  });
  const errors = [found.error, ...(found.error?.errors ?? []), found.statusResult?.error].filter(Boolean);
  answers[name] = {verified: found.verified, why: errors.map(each => each.message).join(' | ')};
}
process.stdout.write(JSON.stringify(answers));
