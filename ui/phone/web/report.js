// The report of docs/protocol.md, section 1: a map with integer keys, padded to one size.

import { encode } from "./cbor.js"
import { inField, isUrgent } from "./flow.js"

export const ICON_PLAINTEXT = 2910
export const ATTACHMENT_PLAINTEXTS = [31232, 128336]
export const MAX_TEXT = 500

/** What is left beside an answer key in a report with the longest answers, in UTF-8. */
export const MAX_TEXT_BYTES = 1400

const VERSION = 1
const CONTROL = /[^\P{C}\n]/gu

export function encodeReport(questionnaire, reportId, told, site) {
  const { box, answers, language } = told
  const urgent = isUrgent(questionnaire, answers)
  const last = (field) => inField(questionnaire, field, answers).pop()
  const day = site.day && (urgent ? `${site.day} ${site.half}` : site.day)
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
  return Uint8Array.from(encode(new Map(fields.filter(([, value]) => value != null && value !== ""))))
}

export function pad(bytes, size) {
  if (bytes.length >= size) throw new RangeError("more than fits into one part")
  const padded = new Uint8Array(size)
  padded.set(bytes)
  padded[bytes.length] = 0x80
  return padded
}

function typed(text) {
  return fitting(text.normalize("NFC").replace(CONTROL, "").trim())
}

/** The text's beginning, as much as a report can hold. */
export function fitting(text) {
  const letters = [...text].slice(0, MAX_TEXT)
  while (new TextEncoder().encode(letters.join("")).length > MAX_TEXT_BYTES) letters.pop()
  return letters.join("")
}
