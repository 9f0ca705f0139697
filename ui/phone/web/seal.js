// Sealing as docs/protocol.md, section 2, says: the suite of kiosk/sealing.py, without WebCrypto,
// which browsers keep from pages that come over plain http.

import { AEAD_ChaCha20Poly1305, KDF_HKDF_SHA256, KEM_MLKEM768_X25519 } from "@panva/hpke-noble"
import { CipherSuite } from "hpke"

export const suite = new CipherSuite(KEM_MLKEM768_X25519, KDF_HKDF_SHA256, AEAD_ChaCha20Poly1305)

const LABEL = new TextEncoder().encode("homthu seal v1")

export async function seal(part, padded, stationKey, keyId) {
  const info = Uint8Array.from([...LABEL, part, ...keyId])
  const key = await suite.DeserializePublicKey(stationKey)
  const { encapsulatedSecret, ciphertext } = await suite.Seal(key, padded, { info })
  const sealed = new Uint8Array(encapsulatedSecret.length + ciphertext.length)
  sealed.set(encapsulatedSecret)
  sealed.set(ciphertext, encapsulatedSecret.length)
  return sealed
}
