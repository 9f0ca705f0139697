// The part of a visit that has to do with picture codes, as in kiosk/flow/code.py: remembering one,
// entering one, answers.

import { isConsistent, LENGTH } from "./picture_code.js"
import { go, newVisit } from "./visit.js"

/** @import { Heard, Visit } from "./types.js" */

const ENTRY = ["family", "picture"]
export const AGAIN = "again"

/** @param {Visit} visit */
export function enter(visit) {
  return go({ ...visit, entered: [] }, "family")
}

/**
 * @param {Visit} visit
 * @param {string} family
 */
export function chooseFamily(visit, family) {
  return go(visit, "picture", family)
}

/**
 * The sixth picture is compared with the code just shown, or is to open an answer box.
 * @param {Visit} visit
 * @param {Record<string, string[]>} families
 * @param {string} picture
 * @returns {Visit}
 */
export function choosePicture(visit, families, picture) {
  const grown = { ...visit, entered: [...visit.entered, picture] }
  if (grown.entered.length < LENGTH) return go(grown, "family")
  if (visit.code.length) return compared(grown)
  return outOfEntry(grown, isConsistent(families, grown.entered) ? "opening" : "mistap")
}

/**
 * What the server told; a wrong code and one without an answer are the same.
 * @param {Visit} visit
 * @param {Heard | null} heard
 * @returns {Visit}
 */
export function told(visit, heard) {
  const after = { ...visit, entered: [] }
  if (!heard || heard.locked) return { ...after, screen: "tries" }
  if (!heard.answers.length) return { ...after, screen: "no_answer" }
  return { ...after, screen: "answer", answers: [], told: heard.answers, proven: heard.key }
}

/**
 * Right: it is forgotten here. Wrong: it is shown again.
 * @param {Visit} visit
 * @returns {Visit}
 */
function compared(visit) {
  const right = visit.entered.every((picture, place) => picture === visit.code[place])
  if (right) return { ...newVisit(), language: visit.language, screen: "done", item: "code_right" }
  return outOfEntry({ ...visit, entered: [] }, "code", AGAIN)
}

/**
 * Back does not lead into a code that was already entered.
 * @param {Visit} visit
 * @param {string} screen
 * @returns {Visit}
 */
function outOfEntry(visit, screen, item = "") {
  const history = visit.history.filter((left) => !ENTRY.includes(left.screen))
  return { ...visit, screen, item, history }
}
