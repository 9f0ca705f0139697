// One person's visit: what was answered so far and where Back leads. Held in memory alone.

import content from "content"

import { answered, isUrgent, nextQuestion } from "./flow.js"

/** @import { Answers, Place, Questionnaire, Site, Visit } from "./types.js" */

/** @type {Place} */
const NOBODY = {
  ...{ screen: "start", item: "", language: content.languages[0] },
  ...{ box: "", answers: [], text: "", photo: null },
  ...{ code: [], entered: [], told: [], proven: null, sealed: null },
}

/** @returns {Visit} */
export function newVisit() {
  return { ...NOBODY, history: [] }
}

/**
 * @param {Visit} visit
 * @param {string} screen
 * @returns {Visit}
 */
export function go(visit, screen, item = "") {
  const { history, ...here } = visit
  return { ...visit, screen, item, history: [...history, here] }
}

/**
 * Back at the start, nothing is left of the visit.
 * @param {Visit} visit
 * @returns {Visit}
 */
export function back(visit) {
  const last = visit.history.at(-1)
  if (!last || last.screen === "start") return newVisit()
  const { language, text, photo } = visit
  return { ...last, language, text, photo, history: visit.history.slice(0, -1) }
}

/** @param {Visit} visit */
export function home({ language }) {
  return go({ ...newVisit(), language }, "menu")
}

/**
 * From the notices, Back leads to the start: nothing shows that anybody was further.
 * @param {Visit} visit
 */
export function quit({ language }) {
  return go({ ...newVisit(), language }, "notices")
}

/**
 * @param {Visit} visit
 * @param {string} language
 */
export function speak(visit, language) {
  const chosen = { ...visit, language }
  return visit.screen === "start" ? go(chosen, "menu") : chosen
}

/**
 * @param {Visit} visit
 * @param {Questionnaire} questionnaire
 * @param {Site} site
 * @param {string} box
 */
export function openBox(visit, questionnaire, site, box) {
  const chosen = { ...visit, box, answers: [] }
  const { kind } = questionnaire.boxes[box]
  if (kind === "notices") return go(chosen, "notices")
  if (["report", "reply"].includes(kind) && !site.open) return go(chosen, shut(site))
  return onward(chosen, questionnaire)
}

/**
 * @param {Visit} visit
 * @param {Questionnaire} questionnaire
 * @param {Site} site
 * @param {string} choice
 */
export function choose(visit, questionnaire, site, choice) {
  const question = questionnaire.questions[visit.item]
  if (choice === question.ends) return home(visit)
  if (question.ends && !site.open) return go(visit, shut(site))
  const answers = answered(questionnaire, visit.box, visit.answers, visit.item, choice)
  const chosen = { ...visit, answers }
  if (choice === question.yes) return go(chosen, "danger")
  if (choice in questionnaire.procedures) return go(chosen, "procedure", choice)
  return onward(chosen, questionnaire)
}

/**
 * @param {Visit} visit
 * @param {Questionnaire} questionnaire
 */
export function onward(visit, questionnaire) {
  const question = nextQuestion(questionnaire, visit.box, visit.answers)
  if (question) return go(visit, "question", question)
  const told = visit.screen === "extra" || visit.history.some(({ screen }) => screen === "extra")
  return go(visit, told ? "read_back" : "extra")
}

/**
 * @param {Visit} visit
 * @param {Questionnaire} questionnaire
 */
export function urgentAnyway(visit, questionnaire) {
  /** @type {Answers} */
  const dangers = Object.entries(questionnaire.questions).flatMap(([name, { yes }]) => (yes ? [[name, yes]] : []))
  return go({ ...visit, answers: dangers.slice(0, 1) }, "danger")
}

/**
 * @param {Visit} visit
 * @param {string} item
 */
export function change(visit, item) {
  return item === "extra" ? go(visit, "extra") : go(visit, "question", item)
}

/**
 * @param {Visit} visit
 * @param {Questionnaire} questionnaire
 * @param {Site} site
 */
export function shutFor(visit, questionnaire, site) {
  return isUrgent(questionnaire, visit.answers) ? !site.urgent_open : !site.open
}

/** @param {Site} site */
export function shut(site) {
  return site.station_key ? "full" : "closed"
}
