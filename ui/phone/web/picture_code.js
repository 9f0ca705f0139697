// The rules of kiosk/protocol/picture_code.py over the same families: a code is five pictures and a check.

export const LENGTH = 6

const FIELD = 64
const POLYNOMIAL = 0b1000011

/**
 * @param {Record<string, string[]>} families
 * @param {string[]} code
 */
export function isConsistent(families, code) {
  const pictures = Object.values(families).flat()
  const check = code.slice(0, -1).reduce((sum, one) => doubled(sum) ^ doubled(pictures.indexOf(one)), 0)
  return code.length === LENGTH && pictures[check] === code.at(-1)
}

/** @param {number} value */
function doubled(value) {
  const twice = value << 1
  return twice >= FIELD ? twice ^ POLYNOMIAL : twice
}
