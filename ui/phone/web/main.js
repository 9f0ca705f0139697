// The page: hears what is tapped, carries the visit on and shows the screen that follows.

import content from "content"

import { envelopes } from "./envelope.js"
import { withVillages } from "./flow.js"
import { smallPhoto } from "./photo.js"
import { postAll } from "./post.js"
import { draw } from "./screens.js"
import * as visits from "./visit.js"
import { hush, say } from "./voice.js"

const IDLE_MS = 10 * 60_000
const ENDS = ["done", "photo_lost"]

let site = null
let questionnaire = content.questionnaire
let visit = visits.newVisit()
let sending = new AbortController()
let shown = null
let idle = null

const ACTIONS = {
  back: () => visits.back(visit),
  home: () => (wipe(), visits.home(visit)),
  quit: () => (wipe(), visits.go(visits.home(visit), "notices")),
  next: () => visits.onward(visit, questionnaire),
  urgent: () => visits.urgentAnyway(visit, questionnaire),
  no_photo: () => (forgetPhoto(), { ...visit, photo: null }),
  say: () => (say(visit.language, shown.spoken), null),
  send: () => (send(), null),
}

function chosen(choice) {
  if (content.languages.includes(choice)) return visits.speak(visit, choice)
  if (visit.screen === "menu") return visits.openBox(visit, questionnaire, site, choice)
  if (visit.screen === "notices") return visits.go(visit, "notice", choice)
  return visits.choose(visit, questionnaire, site, choice)
}

function show(next) {
  hush()
  visit = next
  const { page, title, spoken } = draw({ ...visit, site, questionnaire })
  shown = { spoken }
  document.documentElement.lang = visit.language
  document.body.dataset.accent = visit.box ?? ""
  document.body.replaceChildren(...page)
  if (visit.screen !== "start" && !history.state) history.pushState(true, "")
  scrollTo(0, 0)
  title.focus({ preventScroll: true })
}

async function send() {
  sending.abort()
  sending = new AbortController()
  const { signal } = sending
  const sealed = visit.screen === "fault" ? visit.sealed : null
  show({ ...visit, screen: "sending", sealed })
  const outcome = await delivered(signal).catch(() => "fault")
  if (signal.aborted) return
  if (!ENDS.includes(outcome)) return show({ ...visit, screen: outcome })
  const { language } = visit
  wipe()
  letGo()
  show({ ...visits.newVisit(), language, screen: outcome })
}

/** The screen that follows; a second try sends the very bytes of the first. */
async function delivered(signal) {
  await fetchSite()
  if (visits.shutFor(visit, questionnaire, site)) return visits.shut(site)
  visit.sealed ??= await envelopes(questionnaire, { ...visit, photo: visit.photo?.bytes }, site)
  const kept = await postAll(visit.sealed, tell, signal)
  if (kept === 0) return "fault"
  return kept === visit.sealed.length ? "done" : "photo_lost"
}

function tell({ share, waiting }) {
  if (share !== undefined) document.querySelector("progress").value = share
  const words = waiting ? content.words[visit.language][waiting] : ["", visit.language]
  Object.assign(document.querySelector(".waiting"), { textContent: words[0], lang: words[1] })
}

function wipe() {
  sending.abort()
  forgetPhoto()
}

function forgetPhoto() {
  if (visit.photo) URL.revokeObjectURL(visit.photo.address)
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

async function takePhoto(file) {
  if (!file) return
  forgetPhoto()
  try {
    const bytes = await smallPhoto(file)
    const address = URL.createObjectURL(new Blob([bytes], { type: "image/jpeg" }))
    visit.photo = { bytes, address }
  } catch {
    visit.photo = null
  }
  show(visit)
}

function stayAwake() {
  clearTimeout(idle)
  idle = setTimeout(() => visit.screen === "sending" || startAnew(), IDLE_MS)
}

function tapped(event) {
  stayAwake()
  const { choice, action, change } = event.target.closest("button")?.dataset ?? {}
  const next = choice ? chosen(choice) : change ? visits.change(visit, change) : ACTIONS[action]?.()
  if (next) show(next)
}

document.addEventListener("click", tapped)
document.addEventListener("input", ({ target }) => {
  stayAwake()
  if (target.dataset.field === "text") visit.text = target.value
})
document.addEventListener("change", ({ target }) => {
  if (target.dataset.field === "photo") takePhoto(target.files[0])
})
addEventListener("pagehide", startAnew)
addEventListener("popstate", () => show(visit.screen === "sending" ? visit : visits.back(visit)))

fetchSite().then(() => site && show(visit))
