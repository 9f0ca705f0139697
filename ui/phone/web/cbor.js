// Deterministic CBOR (RFC 8949, section 4.2.1) of what a report holds; maps have small integer keys.

const UNSIGNED = 0, BYTES = 2, TEXT = 3, ARRAY = 4, MAP = 5
const FALSE = 0xf4, TRUE = 0xf5

/** @typedef {boolean | number | string | Uint8Array | string[]} Item */

/**
 * @param {Item | Map<number, Item>} value
 * @returns {number[]}
 */
export function encode(value) {
  if (value === false) return [FALSE]
  if (value === true) return [TRUE]
  if (typeof value === "number") return head(UNSIGNED, value)
  if (typeof value === "string") return sized(TEXT, new TextEncoder().encode(value))
  if (value instanceof Uint8Array) return sized(BYTES, value)
  if (Array.isArray(value)) return [...head(ARRAY, value.length), ...value.flatMap(encode)]
  const entries = [...value].sort(([one], [other]) => one - other)
  return [...head(MAP, entries.length), ...entries.flatMap(([key, item]) => [...encode(key), ...encode(item)])]
}

/**
 * @param {number} major
 * @param {Uint8Array} bytes
 */
function sized(major, bytes) {
  return [...head(major, bytes.length), ...bytes]
}

/**
 * @param {number} major
 * @param {number} count
 */
function head(major, count) {
  const first = major << 5
  if (count < 24) return [first | count]
  if (count < 0x100) return [first | 24, count]
  return [first | 25, count >> 8, count & 0xff]
}
