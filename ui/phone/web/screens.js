// What each screen shows, from the visit's state. Every choice is a button that names itself in
// its data; main.js hears them all.

import content from "content"

import { BOARD_SCREENS, newest } from "./board_screens.js"
import { CODE_SCREENS, HAVE_CODE } from "./code_screens.js"
import { button, el, picture, words } from "./dom.js"
import { path } from "./flow.js"
import { act, FINISH, grid, message, NEXT, numberLines, numbers } from "./parts.js"
import { MAX_TEXT } from "./report.js"
import { canSay } from "./voice.js"

/** @import { Lines, Photo, Shown, State, View } from "./types.js" */

const ALONE = ["sending", "fault", "done", "photo_lost", "code", "opening"]

/** @param {State} state */
export function draw(state) {
  const { prompt, heading, image, body, lines = [] } = SCREENS[state.screen](state)
  const title = el("h1", { tabIndex: -1 }, ...(heading ?? words(state.language, prompt)))
  const asked = image ? [picture(image)] : []
  /** @type {Lines} */
  const spoken = [[prompt, title], ...lines]
  const speaker = canSay(state.language, prompt) ? [act(state, "say", "listen_again", "ui.again", "round")] : []
  const question = el("div", { className: "question" }, ...asked, title, ...speaker)
  const page = [navigation(state), el("main", { data: { screen: state.screen } }, question, ...body)]
  return { page, title, lines: spoken }
}

/** @param {State} state */
function navigation(state) {
  if (state.screen === "start") return el("header", {})
  const others = content.languages.filter((language) => language !== state.language)
  const nav = ALONE.includes(state.screen)
    ? []
    : [
        act(state, "back", "back", "ui.back"),
        act(state, "home", "home", "ui.home"),
        ...others.map((other) => button({ choice: other }, `lang_${other}`, name(other))),
      ]
  const weather = button({ action: "quit" }, "quick_exit", words(state.language, "ui.quit"), "quit")
  return el("header", {}, el("nav", {}, ...nav), weather)
}

/** @param {string} language */
function name(language) {
  const [large, largeLanguage] = content.words[language][`language.${language}`]
  return [el("b", { lang: largeLanguage }, large)]
}

/**
 * @param {State} state
 * @param {string} choice
 * @param {Record<string, string>} data
 */
function choiceTile(state, choice, data) {
  const village = choice.startsWith("village:") && choice.slice("village:".length)
  if (!village) return button(data, choice, words(state.language, `choice.${choice}`), "tile")
  const known = state.site.villages.find(({ id }) => id === village)
  return button(data, "village", [el("b", { lang: "vi" }, known?.name ?? village)], "tile")
}

/** @param {Element} tile */
function changeable(tile) {
  tile.append(el("i", { className: "pencil" }, picture("change")))
  return tile
}

/** @param {State} state */
function progress(state) {
  const asked = path(state.questionnaire, state.box, state.answers)
  const given = new Map(state.answers)
  const dots = asked.map((question) => el("i", { className: given.has(question) ? "full" : "" }))
  return el("p", { className: "dots", ariaHidden: "true" }, ...dots)
}

/** @param {State} state */
function phrase(state) {
  const tiles = el("div", { className: "phrase" }, ...state.site.phrase.map(picture))
  return el("section", { className: "same" }, el("p", {}, ...words(state.language, "say.phrase")), tiles)
}

/** @param {Photo} taken */
function photo({ address }) {
  return el("img", { className: "photo", src: address, alt: "" })
}

/** @param {State} state */
function extras(state) {
  const given = [
    ...(state.text ? [el("span", { className: "typed" }, state.text)] : []),
    ...(state.photo ? [photo(state.photo)] : []),
  ]
  const tile = () => el("button", { type: "button", className: "tile extras", data: { change: "extra" } }, ...given)
  return given.length ? [changeable(tile())] : []
}

/** @type {Record<string, View>} */
const SCREENS = {
  ...CODE_SCREENS,
  ...BOARD_SCREENS,
  start: (state) => ({
    prompt: "say.greeting",
    image: "welcome",
    body: [
      grid(...content.languages.map((one) => button({ choice: one }, `lang_${one}`, name(one), "tile"))),
      ...newest(state),
      phrase(state),
    ],
  }),
  menu: (state) => {
    const boxes = Object.entries(state.questionnaire.boxes).filter(([, { kind }]) => kind !== "reply")
    const tiles = boxes.map(([box]) =>
      button({ choice: box, accent: box }, `box_${box}`, words(state.language, `box.${box}`), "tile"))
    return {
      prompt: "ask.menu",
      image: "welcome",
      body: [grid(...tiles), ...(state.site.wish_key ? [act(state, ...HAVE_CODE)] : [])],
      lines: boxes.map(([box], place) => [`box.${box}`, tiles[place]]),
    }
  },
  question: (state) => {
    const { choices } = state.questionnaire.questions[state.item]
    const tiles = choices.map((choice) => choiceTile(state, choice, { choice }))
    return {
      prompt: `ask.${state.item}`,
      image: `ask_${state.item}`,
      body: [progress(state), grid(...tiles)],
      lines: choices.map((choice, place) => [`choice.${choice}`, tiles[place]]),
    }
  },
  danger: (state) => withNumbers(state, {
    prompt: "say.danger",
    image: "call_now",
    body: [act(state, ...NEXT)],
  }),
  extra: (state) => {
    const file = el("input", { type: "file", accept: "image/*", data: { field: "photo" } })
    return {
      prompt: "ask.extra",
      body: [
        el("label", { className: "field" }, el("span", {}, ...words(state.language, "ui.write")),
          el("textarea", {
            ...{ maxLength: MAX_TEXT, rows: 5, autocomplete: "off" },
            ...{ value: state.text, data: { field: "text" } },
          })),
        el("label", { className: "tile pick" },
          picture("photo"), el("span", {}, ...words(state.language, "ui.photo")), file),
        ...(state.photo ? [photo(state.photo), act(state, "no_photo", "back", "ui.no_photo", "wide")] : []),
        act(state, ...NEXT),
      ],
    }
  },
  read_back: (state) => ({
    prompt: "ask.read_back",
    image: "read_back",
    body: [
      grid(...state.answers.map(([question, choice]) => changeable(choiceTile(state, choice, { change: question })))),
      ...extras(state),
      act(state, "send", "send", "ui.send", "wide send"),
    ],
  }),
  sending: () => ({
    prompt: "say.sending",
    image: "send",
    body: [el("progress", { max: 1, value: 0, ariaLabel: "%" }), el("p", { className: "waiting", role: "status" })],
  }),
  fault: message("say.fault", "fault", ["send", "send", "ui.send_again", "wide send"], FINISH),
  full: (state) => withNumbers(state, {
    prompt: "say.full",
    image: "full",
    body: [
      ...(state.site.urgent_open ? [act(state, "urgent", "danger_yes", "ui.urgent", "wide")] : []),
      act(state, ...FINISH),
    ],
  }),
  closed: (state) => withNumbers(state, {
    prompt: "say.closed",
    image: "closed",
    body: [act(state, ...FINISH)],
  }),
}

/**
 * A screen with the telephone numbers above all else, which are said after its prompt.
 * @param {State} state
 * @param {Shown} view
 * @returns {Shown}
 */
function withNumbers(state, view) {
  const shown = numbers(state)
  return { ...view, body: [shown, ...view.body], lines: numberLines(state, shown) }
}
