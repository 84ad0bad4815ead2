// Reads lines of JSON: {do: "check", message, public} or {do: "sign", message, seed, components, parameters}.
import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { createInterface } from "node:readline";
import { component, createSignature, verifySignature } from "http-message-sig";

const PRIVATE = Buffer.from("302e020100300506032b657004220420", "hex");
const PUBLIC = Buffer.from("302a300506032b6570032100", "hex");

const components = (given) => given.map((each) => (Array.isArray(each) ? component(...each) : each));

async function check({ message, public: key, required }) {
  const held = createPublicKey({ key: Buffer.concat([PUBLIC, Buffer.from(key, "base64")]), format: "der", type: "spki" });
  const verifier = { algorithm: "ed25519", verify: (data, signature) => verify(null, data, held, signature) };
  const policy = {
    algorithms: ["ed25519"],
    requiredComponents: components(required),
    requiredParameters: ["created", "expires", "nonce", "keyid", "tag"],
  };
  try {
    const found = await verifySignature(message, { label: "sig", policy, resolveVerifier: () => verifier });
    return { good: true, keyid: found.parameters.keyid };
  } catch (error) {
    return { good: false, why: error.code ?? String(error) };
  }
}

async function signed({ message, seed, required, parameters }) {
  const held = createPrivateKey({ key: Buffer.concat([PRIVATE, Buffer.from(seed, "base64")]), format: "der", type: "pkcs8" });
  const signer = { algorithm: "ed25519", sign: (data) => sign(null, data, held) };
  return createSignature(message, { label: "sig", components: components(required), parameters, signer });
}

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  console.log(JSON.stringify(await (asked.do === "check" ? check(asked) : signed(asked))));
}
