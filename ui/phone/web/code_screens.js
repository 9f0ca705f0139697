// The screens of picture codes and answers; see kiosk/views/code.py.

import content from "content"

import { AGAIN } from "./coding.js"
import { button, el, picture, words } from "./dom.js"
import { act, FINISH, grid, message, shownTile, telephone } from "./parts.js"
import { LENGTH } from "./picture_code.js"

/** @import { Action, Lines, Shown, State, Told, View } from "./types.js" */

/** @type {Action} */
const HEAR_BACK = ["hear_back", "hear_back", "ui.hear_back", "wide primary"]

/** @type {Action} */
const TRY = ["enter_code", "enter_code", "ui.try_code", "wide primary"]

/** @type {Action} */
const ENTER_AGAIN = ["enter_code", "enter_code", "ui.enter_again", "wide primary"]

/** @type {Action} */
const REPLY = ["reply", "reply", "box.reply", "wide primary"]

/** @type {Told["parts"][number]} */
const SPOKEN = ["voice_other", "answer.voice"]

const HEARD_THERE = "say.voice_place"

/** @type {Action} */
export const HAVE_CODE = ["enter_code", "have_code", "ui.have_code", "wide"]

/**
 * With a code to be remembered, the offer stands above the end.
 * @type {(prompt: string) => View}
 */
const kept = (prompt) => (state) => ({
  prompt,
  image: "kept",
  body: [...(state.code.length ? [act(state, ...HEAR_BACK)] : []), act(state, ...FINISH)],
})

/**
 * @param {State} state
 * @param {string} prompt
 * @param {string} prefix
 * @param {string[]} names
 * @returns {Shown}
 */
function entry(state, prompt, prefix, names) {
  const tiles = names.map((name) =>
    button({ choice: name }, `${prefix}_${name}`, words(state.language, `${prefix}.${name}`), "tile row"))
  const dots = Array.from({ length: LENGTH }, (_, place) =>
    el("i", { className: place < state.entered.length ? "full" : "" }))
  return {
    prompt,
    image: "have_code",
    body: [el("p", { className: "dots", ariaHidden: "true" }, ...dots), grid(...tiles)],
    lines: names.map((name, place) => [`${prefix}.${name}`, tiles[place]]),
  }
}

/**
 * @param {State} state
 * @param {Told} answer
 */
function answered(state, { parts, number, text, voiced }) {
  const shown = voiced ? [...parts, SPOKEN] : parts
  const tiles = shown.map(([image, id]) => shownTile(state, image, id))
  /** @type {Lines} */
  const lines = shown.map(([, id], place) => [id, tiles[place]])
  const body = [
    grid(...tiles),
    ...(number ? [telephone(number, picture("phone"))] : []),
    ...(text ? [el("p", { className: "letter", lang: "vi" }, text)] : []),
    ...(voiced ? [el("p", { className: "hint" }, ...words(state.language, HEARD_THERE))] : []),
  ]
  if (voiced) lines.push([HEARD_THERE, null])
  return { lines, body: el("section", { className: "answer" }, ...body) }
}

/** @type {Record<string, View>} */
export const CODE_SCREENS = {
  done: (state) => kept(`say.${state.item || "done"}`)(state),
  photo_lost: kept("say.photo_lost"),
  code: (state) => {
    const tiles = state.code.map((name) => shownTile(state, `pic_${name}`, `pic.${name}`))
    return {
      prompt: state.item === AGAIN ? "say.code_again" : "say.code",
      image: "remember",
      body: [el("div", { className: "grid code" }, ...tiles), act(state, ...TRY), act(state, ...FINISH)],
      lines: state.code.map((name, place) => [`pic.${name}`, tiles[place]]),
    }
  },
  family: (state) => entry(state, "ask.code_family", "family", Object.keys(content.families)),
  picture: (state) => entry(state, "ask.code_picture", "pic", content.families[state.item]),
  mistap: message("say.code_mistap", "mistap", ENTER_AGAIN, FINISH),
  opening: () => ({
    prompt: "say.opening",
    image: "opening",
    body: [el("p", { className: "waiting", role: "status" })],
  }),
  answer: (state) => {
    const answers = state.told.map((one) => answered(state, one))
    return {
      prompt: "say.answer",
      image: "answer",
      body: [...answers.map(({ body }) => body), act(state, ...REPLY), act(state, ...FINISH)],
      lines: answers.flatMap(({ lines }) => lines),
    }
  },
  no_answer: (state) => ({
    prompt: "say.no_answer",
    image: "no_answer",
    body: [
      el("p", { className: "hint" }, ...words(state.language, "say.code_place")),
      act(state, ...ENTER_AGAIN),
      act(state, ...FINISH),
    ],
  }),
  tries: message("say.code_tries", "opening", FINISH),
}
