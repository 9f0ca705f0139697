// Sealing as docs/protocol.md, sections 2 and 11, says: the suite of kiosk/protocol/sealing.py, without
// WebCrypto, which browsers keep from pages that come over plain http.

import { AEAD_ChaCha20Poly1305, KDF_HKDF_SHA256, KEM_MLKEM768_X25519 } from "@panva/hpke-noble"
import { CipherSuite } from "hpke"

export const suite = new CipherSuite(KEM_MLKEM768_X25519, KDF_HKDF_SHA256, AEAD_ChaCha20Poly1305)

const PART = new TextEncoder().encode("homthu seal v1")
const WISH = new TextEncoder().encode("homthu code wish v1")
const TOLD = new TextEncoder().encode("homthu code told v1")
const ENC_BYTES = 1120

/**
 * @param {number} part
 * @param {Uint8Array} padded
 * @param {Uint8Array} stationKey
 * @param {Uint8Array} keyId
 */
export function seal(part, padded, stationKey, keyId) {
  return sealed(padded, stationKey, [...PART, part, ...keyId])
}

/**
 * @param {Uint8Array} padded
 * @param {Uint8Array} wishKey
 * @param {Uint8Array} keyId
 */
export function sealWish(padded, wishKey, keyId) {
  return sealed(padded, wishKey, [...WISH, ...keyId])
}

/**
 * @param {Uint8Array} answer
 * @param {import("hpke").KeyPair} keyPair
 * @param {Uint8Array} keyId
 */
export function openTold(answer, keyPair, keyId) {
  const info = Uint8Array.from([...TOLD, ...keyId])
  return suite.Open(keyPair, answer.subarray(0, ENC_BYTES), answer.subarray(ENC_BYTES), { info })
}

/**
 * @param {Uint8Array} padded
 * @param {Uint8Array} key
 * @param {number[]} info
 */
async function sealed(padded, key, info) {
  const publicKey = await suite.DeserializePublicKey(key)
  const { encapsulatedSecret, ciphertext } = await suite.Seal(publicKey, padded, { info: Uint8Array.from(info) })
  return Uint8Array.from([...encapsulatedSecret, ...ciphertext])
}
