// What several screens are made of.

import { button, el, picture, words } from "./dom.js"

/** @import { Action, Lines, State, Text, View } from "./types.js" */

/** @type {Action} */
export const FINISH = ["finish", "home", "ui.finish", "wide"]

/** @type {Action} */
export const NEXT = ["next", "ok", "ui.go_on", "wide primary"]

/**
 * @param {State} state
 * @param {string} action
 * @param {string} image
 * @param {string} id
 * @param {string} className
 */
export function act(state, action, image, id, className = "") {
  return button({ action }, image, words(state.language, id), className)
}

/** @param {Element[]} tiles */
export function grid(...tiles) {
  return el("div", { className: "grid" }, ...tiles)
}

/**
 * @param {State} state
 * @param {string} image
 * @param {string} id
 */
export function shownTile(state, image, id) {
  return el("div", { className: "tile shown" }, picture(image), el("span", {}, ...words(state.language, id)))
}

/** @type {(prompt: string, image: string, ...actions: Action[]) => View} */
export const message = (prompt, image, ...actions) => (state) => ({
  prompt,
  image,
  body: actions.map((action) => act(state, ...action)),
})

/** @param {State} state */
export function numbers(state) {
  const shown = state.site.phones.map(({ whose, number }) =>
    telephone(number, el("span", {}, ...words(state.language, whose))))
  return el("div", { className: "numbers" }, ...shown)
}

/**
 * What is said of the numbers: whose each is and its digits one by one, twice.
 * @param {State} state
 * @param {Element} shown what `numbers` made
 * @returns {Lines}
 */
export function numberLines(state, shown) {
  return state.site.phones.flatMap(({ whose, number }, place) => {
    /** @type {Lines} */
    const once = [whose, ...number.replace(/\D/g, "").split("").map((digit) => `digit.${digit}`)]
      .map((line) => [line, shown.children[place]])
    return [...once, ...once]
  })
}

/**
 * @param {string} number
 * @param {Element} label
 */
export function telephone(number, label) {
  const href = `tel:${number.replace(/[^+\d]/g, "")}`
  return el("a", { href, className: "number" }, label, el("strong", {}, number))
}

/**
 * Words that the station itself has written: large in the person's language where it has them.
 * @param {string} language
 * @param {Text} text
 */
export function written(language, { vi, hmn }) {
  const both = [{ lang: "vi", text: vi }, { lang: "hmn", text: hmn }]
  const [large, small] = language === "hmn" && hmn ? both.reverse() : both
  return [
    ...(large.text ? [el("b", { lang: large.lang }, large.text)] : []),
    ...(small.text ? [el("small", { lang: small.lang }, small.text)] : []),
  ]
}
