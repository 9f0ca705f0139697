// What the page wishes of the kiosk's server: a new picture code, or the answers to one. All wishes
// look alike on the air, and so does what is told.

import { fromHex, toBytes, toText } from "./base64.js"
import { BUSY, KEPT, postUntilHeard, rest } from "./post.js"
import { openTold, sealWish, suite } from "./seal.js"

/** @import { Heard, Site, Tell } from "./types.js" */

const WISH_BYTES = 2048
const TRIES = 5
const AGAIN_MS = 2_000

/**
 * What the server tells of a code, empty for a new one. Null when it will not tell.
 * @param {Site} site
 * @param {string[]} code
 * @param {Tell} tell
 * @param {AbortSignal} signal
 * @returns {Promise<Heard | null>}
 */
export async function wish(site, code, tell, signal) {
  if (!site.wish_key || !site.wish_key_id) return null
  const keyId = fromHex(site.wish_key_id)
  const keyPair = await suite.GenerateKeyPair()
  const key = toText(await suite.SerializePublicKey(keyPair.publicKey))
  const plain = new TextEncoder().encode(JSON.stringify({ key, code }).padEnd(WISH_BYTES))
  const body = await sealWish(plain, toBytes(site.wish_key), keyId)
  for (let tried = 0; tried < TRIES; tried++) {
    const answer = await postUntilHeard("/c", body, "arraybuffer", tell, signal)
    if (answer.status === KEPT) return understood(await openTold(new Uint8Array(answer.response), keyPair, keyId))
    if (answer.status !== BUSY) return null
    await rest(AGAIN_MS, signal)
  }
  return null
}

/**
 * @param {Uint8Array} plain
 * @returns {Heard}
 */
function understood(plain) {
  const { key, ...told } = JSON.parse(new TextDecoder().decode(plain))
  return { ...told, key: toBytes(key) }
}
