// What several screens are made of.

import { button, el, picture, words } from "./dom.js"

export const FINISH = ["finish", "home", "ui.finish", "wide"]
export const NEXT = ["next", "ok", "ui.go_on", "wide primary"]

export function act(state, action, image, id, className) {
  return button({ action }, image, words(state.language, id), className)
}

export function grid(...tiles) {
  return el("div", { className: "grid" }, ...tiles)
}

export function shownTile(state, image, id) {
  return el("div", { className: "tile shown" }, picture(image), el("span", {}, ...words(state.language, id)))
}

export const message = (prompt, image, ...actions) => (state) => ({
  prompt,
  image,
  body: actions.map((action) => act(state, ...action)),
})

export function numbers(state) {
  const shown = ({ whose, number }) => telephone(number, el("span", {}, ...words(state.language, whose)))
  return el("div", { className: "numbers" }, ...state.site.phones.map(shown))
}

export function telephone(number, label) {
  const href = `tel:${number.replace(/[^+\d]/g, "")}`
  return el("a", { href, className: "number" }, label, el("strong", {}, number))
}

/** Words that the station itself has written: large in the person's language where it has them. */
export function written(language, { vi, hmn }) {
  const own = language === "hmn" && hmn
  const [large, small] = own ? [["hmn", hmn], ["vi", vi]] : [["vi", vi], ["hmn", hmn]]
  return [["b", large], ["small", small]]
    .filter(([, [, text]]) => text)
    .map(([tag, [lang, text]]) => el(tag, { lang }, text))
}
