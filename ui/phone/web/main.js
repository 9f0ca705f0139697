// The page: hears what is tapped, carries the visit on and shows the screen that follows.

import content from "content"

import * as coding from "./coding.js"
import { envelopes } from "./envelope.js"
import { withVillages } from "./flow.js"
import { smallPhoto } from "./photo.js"
import { postAll } from "./post.js"
import { fitting } from "./report.js"
import { draw } from "./screens.js"
import * as visits from "./visit.js"
import { hush, say } from "./voice.js"
import { wish } from "./wish.js"

/** @import { Board, Lines, Site, Tell, Visit } from "./types.js" */

const IDLE_MS = 10 * 60_000
const ENDS = ["done", "photo_lost"]
const BUSY = ["sending", "opening"]
const REPLY = "reply"

/** @type {Site} */
let site

/** @type {Board} */
let board = { notices: [], procedures: {} }
let questionnaire = content.questionnaire
let visit = visits.newVisit()
let sending = new AbortController()

/** @type {Lines} */
let spoken = []
let idle = 0

/** @type {Record<string, () => Visit | null>} */
const ACTIONS = {
  back: () => visits.back(visit),
  home: () => (wipe(), visits.home(visit)),
  finish: () => (letGo(), wipe(), visits.home(visit)),
  notices: () => visits.go(visit, "notices"),
  hear_back: () => visits.go(visit, "code"),
  enter_code: () => coding.enter(visit),
  reply: () => visits.openBox(visit, questionnaire, site, REPLY),
  quit: () => (wipe(), visits.quit(visit)),
  next: () => visits.onward(visit, questionnaire),
  urgent: () => visits.urgentAnyway(visit, questionnaire),
  no_photo: () => ({ ...visit, photo: null }),
  say: () => (say(visit.language, spoken), null),
  send: () => (send(), null),
}

/** @param {string} choice */
function chosen(choice) {
  if (content.languages.includes(choice)) return visits.speak(visit, choice)
  if (visit.screen === "menu") return visits.openBox(visit, questionnaire, site, choice)
  if (visit.screen === "notices") return visits.go(visit, "notice", choice)
  if (visit.screen === "family") return coding.chooseFamily(visit, choice)
  if (visit.screen === "picture") return entered(coding.choosePicture(visit, content.families, choice))
  return visits.choose(visit, questionnaire, site, choice)
}

/** @param {Visit} next */
function show(next) {
  hush()
  if (visit.photo && visit.photo !== next.photo) URL.revokeObjectURL(visit.photo.address)
  visit = next
  const { page, title, lines } = draw({ ...visit, site, board, questionnaire })
  spoken = lines
  document.documentElement.lang = visit.language
  document.body.dataset.accent = visit.box
  document.body.replaceChildren(...page)
  if (visit.screen !== "start" && !history.state) history.pushState(true, "")
  if (ENDS.includes(visit.screen) && !visit.code.length) letGo()
  scrollTo(0, 0)
  title.focus({ preventScroll: true })
}

/**
 * A code that is to be compared with nothing here opens an answer box.
 * @param {Visit} next
 */
function entered(next) {
  if (next.screen === "opening") look(next.entered)
  return next
}

/** @param {string[]} code */
async function look(code) {
  const signal = begun()
  await fetchSite()
  const heard = await wish(site, code, tell, signal).catch(() => null)
  if (!signal.aborted) show(coding.told(visit, heard))
}

function begun() {
  sending.abort()
  sending = new AbortController()
  return sending.signal
}

async function send() {
  const signal = begun()
  const sealed = visit.screen === "fault" ? visit.sealed : null
  show({ ...visit, screen: "sending", sealed })
  const outcome = await delivered(signal).catch(() => "fault")
  if (signal.aborted) return
  if (!ENDS.includes(outcome)) return show({ ...visit, screen: outcome })
  const { language, code } = visit
  wipe()
  show({ ...visits.newVisit(), language, code, screen: outcome })
}

/**
 * The screen that follows; a second try sends the very bytes of the first.
 * @param {AbortSignal} signal
 */
async function delivered(signal) {
  await fetchSite()
  const filing = visit
  if (visits.shutFor(filing, questionnaire, site)) return visits.shut(site)
  filing.sealed ??= await sealed(filing, signal)
  const kept = await postAll(filing.sealed, tell, signal)
  if (kept === 0) return "fault"
  return kept === filing.sealed.length ? "done" : "photo_lost"
}

/**
 * A new code is asked for with every report; a reply keeps the one that opened the answer.
 * @param {Visit} filing
 * @param {AbortSignal} signal
 */
async function sealed(filing, signal) {
  const { station_key, key_id } = site
  if (!station_key || !key_id) throw new TypeError("a report without a key to seal it to")
  const fresh = await wish(site, [], tell, signal).catch(() => null)
  if (signal.aborted) throw signal.reason
  filing.code = (!filing.proven && fresh?.code) || []
  const answerKey = filing.proven ?? fresh?.key ?? null
  const told = { ...filing, answerKey, photo: filing.photo?.bytes ?? null }
  return envelopes(questionnaire, told, { ...site, station_key, key_id })
}

/** @type {Tell} */
function tell({ share, waiting }) {
  if (share !== undefined) document.querySelector("progress")?.setAttribute("value", String(share))
  const words = waiting ? content.words[visit.language][waiting] : ["", visit.language]
  const line = document.querySelector(".waiting")
  if (line) Object.assign(line, { textContent: words[0], lang: words[1] })
}

function wipe() {
  sending.abort()
}

function startAnew() {
  wipe()
  show(visits.newVisit())
}

/** The phone may now think itself online and close its pop-up; before, that would end the visit. */
function letGo() {
  fetch("/continue", { redirect: "manual" }).catch(() => {})
}

async function fetchSite() {
  try {
    site = await (await fetch("/site.json", { cache: "no-store" })).json()
  } catch {
    return // the Wi-Fi is away for a moment; what is known stays good
  }
  questionnaire = withVillages(content.questionnaire, site.villages.map(({ id }) => id))
}

async function fetchBoard() {
  try {
    board = await (await fetch("/board.json", { cache: "no-store" })).json()
  } catch {
    return // notices can wait
  }
}

/** @param {File | undefined} file */
async function takePhoto(file) {
  if (!file) return
  const bytes = await smallPhoto(file).catch(() => null)
  const photo = bytes && { bytes, address: URL.createObjectURL(new Blob([bytes], { type: "image/jpeg" })) }
  show({ ...visit, photo })
}

function stayAwake() {
  clearTimeout(idle)
  idle = setTimeout(() => BUSY.includes(visit.screen) || startAnew(), IDLE_MS)
}

/** @param {MouseEvent} event */
function tapped(event) {
  stayAwake()
  const tapped = event.target instanceof Element && event.target.closest("button")
  const { choice, action = "", change } = tapped ? tapped.dataset : {}
  const next = choice ? chosen(choice) : change ? visits.change(visit, change) : ACTIONS[action]?.()
  if (next) show(next)
}

/**
 * What does not fit is not taken from the keyboard, as with maxlength.
 * @param {HTMLTextAreaElement} field
 */
function typed(field) {
  const text = fitting(field.value)
  if (text !== field.value) field.value = text
  return text
}

document.addEventListener("click", tapped)
document.addEventListener("input", ({ target }) => {
  stayAwake()
  if (target instanceof HTMLTextAreaElement) visit.text = typed(target)
})
document.addEventListener("change", ({ target }) => {
  if (target instanceof HTMLInputElement) takePhoto(target.files?.[0])
})
addEventListener("pagehide", startAnew)
addEventListener("popstate", () => show(BUSY.includes(visit.screen) ? visit : visits.back(visit)))

Promise.all([fetchSite(), fetchBoard()]).then(() => site && show(visit))
