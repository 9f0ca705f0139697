// The screens of what the station tells: notices, and procedures with their forms.

import { button, el, picture, words } from "./dom.js"
import { HAVE_CODE } from "./code_screens.js"
import { act, grid, NEXT, shownTile, written } from "./parts.js"

/** @import { Lines, Notice, State, View } from "./types.js" */

const STANDING = "notice_"

/**
 * The newest notice, on the start page; none when the station has told nothing.
 * @param {State} state
 */
export function newest(state) {
  return state.board.notices.slice(0, 1).map(({ picture, opening }) =>
    button({ action: "notices" }, picture, written(state.language, opening), "wide news"))
}

/**
 * @param {State} state
 * @param {Notice} notice
 */
function recording(state, { id, sounds }) {
  return sounds.includes(state.language) ? `notices/${id}.${state.language}.mp3` : ""
}

/** @type {Record<string, View>} */
export const BOARD_SCREENS = {
  notices: (state) => {
    /** @type {Lines} */
    const posted = state.board.notices.map((one) =>
      [recording(state, one), button({ choice: one.id }, one.picture, written(state.language, one.opening), "tile")])
    /** @type {Lines} */
    const standing = state.questionnaire.notices.map((name) => {
      const id = name.replace(STANDING, "notice.")
      return [id, button({ choice: name }, name, words(state.language, id), "tile")]
    })
    const lines = [...posted, ...standing]
    const own = state.box && state.site.wish_key ? [act(state, ...HAVE_CODE)] : []
    return {
      prompt: "ask.notices",
      image: "listen_notices",
      body: [grid(...lines.flatMap(([, tile]) => tile ?? [])), ...own],
      lines,
    }
  },
  notice: (state) => {
    const back = act(state, "back", "back", "ui.back", "wide")
    const posted = state.board.notices.find(({ id }) => id === state.item)
    if (!posted) return { prompt: state.item.replace(STANDING, "advice."), image: state.item, body: [back] }
    const heading = written(state.language, posted.words)
    return { heading, prompt: recording(state, posted), image: posted.picture, body: [back] }
  },
  procedure: (state) => {
    const cards = state.questionnaire.procedures[state.item]
    const told = state.board.procedures[state.item] ?? { cards, lines: [], form: "" }
    const tiles = told.cards.map((card) => shownTile(state, card, `card.${card}`))
    return {
      prompt: "ask.papers",
      image: state.item,
      body: [
        grid(...tiles),
        ...told.lines.map((line) => el("p", { className: "letter" }, ...written(state.language, line))),
        ...(told.form ? [form(state, told.form)] : []),
        act(state, ...NEXT),
      ],
      lines: told.cards.map((card, place) => [`card.${card}`, tiles[place]]),
    }
  },
}

/**
 * The hall's Wi-Fi leads nowhere: the address is for later, with the phone's own data.
 * @param {State} state
 * @param {string} address
 */
function form(state, address) {
  return el("a", { className: "form", href: address, target: "_blank", rel: "noopener noreferrer" },
    picture("paper_form"), el("span", {}, ...words(state.language, "say.form"), el("strong", {}, address)))
}
