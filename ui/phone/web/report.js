// The report of docs/protocol.md, section 1: a map with integer keys, padded to one size.

import { encode } from "./cbor.js"
import { inField, isUrgent } from "./flow.js"

/** @import { Answers, Questionnaire, Site } from "./types.js" */
/** @import { Item } from "./cbor.js" */

export const ICON_PLAINTEXT = 2910
export const ATTACHMENT_PLAINTEXTS = [31232, 128336]
export const MAX_TEXT = 500

/** What is left beside an answer key in a report with the longest answers, in UTF-8. */
export const MAX_TEXT_BYTES = 1400

const VERSION = 1
/**
 * What a person has told; `answerKey` is the one to which it is answered, null for none.
 * @typedef {{
 *   box: string, answers: Answers, language: string, text: string, answerKey: Uint8Array | null,
 * }} Telling
 */

const CONTROL = /[^\P{C}\n]/gu

/**
 * @param {Questionnaire} questionnaire
 * @param {Uint8Array} reportId
 * @param {Telling} told
 * @param {Site} site
 */
export function encodeReport(questionnaire, reportId, told, site) {
  const { box, answers, language } = told
  const urgent = isUrgent(questionnaire, answers)
  const last = (/** @type {string} */ field) => inField(questionnaire, field, answers).pop()
  const day = site.day && (urgent ? `${site.day} ${site.half}` : site.day)
  /** @type {[number, Item | null | undefined][]} */
  const fields = [
    [0, VERSION],
    [1, reportId],
    [2, box],
    [3, inField(questionnaire, "what", answers)],
    [4, last("where")],
    [5, last("when")],
    [6, last("how_many")],
    [7, urgent],
    [8, language],
    [9, "phone"],
    [10, day],
    [11, told.answerKey],
    [12, typed(told.text)],
  ]
  /** @type {Map<number, Item>} */
  const present = new Map()
  for (const [key, value] of fields) if (value != null && value !== "") present.set(key, value)
  return Uint8Array.from(encode(present))
}

/**
 * @param {Uint8Array} bytes
 * @param {number} size
 */
export function pad(bytes, size) {
  if (bytes.length >= size) throw new RangeError("more than fits into one part")
  const padded = new Uint8Array(size)
  padded.set(bytes)
  padded[bytes.length] = 0x80
  return padded
}

/** @param {string} text */
function typed(text) {
  return fitting(text.normalize("NFC").replace(CONTROL, "").trim())
}

/**
 * The text's beginning, as much as a report can hold.
 * @param {string} text
 */
export function fitting(text) {
  const letters = [...text].slice(0, MAX_TEXT)
  while (new TextEncoder().encode(letters.join("")).length > MAX_TEXT_BYTES) letters.pop()
  return letters.join("")
}
