// The page's own sealing, put where the bench can call it.

import { seal } from "../../ui/phone/web/seal.js"

globalThis.timeSeals = async (count, size, key, keyId) => {
  const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16))
  const times = []
  for (let i = 0; i < count; i++) {
    const begun = performance.now()
    await seal(1, new Uint8Array(size), bytes(key), bytes(keyId))
    times.push(performance.now() - begun)
  }
  return times
}
