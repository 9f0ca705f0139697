// The path rule of kiosk/content/questionnaire.py, over the same data. Answers are [question, choice] pairs.

/** @import { Answers, Questionnaire } from "./types.js" */

/**
 * @param {Questionnaire} questionnaire
 * @param {string} box
 * @param {Answers} answers
 */
export function path(questionnaire, box, answers) {
  const given = new Map(answers)
  /** @type {Set<string>} */
  const found = new Set()
  const expand = (/** @type {string[]} */ names) => {
    for (const name of names) {
      found.add(name)
      expand(questionnaire.questions[name].then[given.get(name) ?? ""] ?? [])
    }
  }
  expand(questionnaire.boxes[box].steps)
  for (const [name, choice] of answers) {
    if (questionnaire.questions[name].yes === choice) found.add(name)
  }
  return [...found]
}

/**
 * @param {Questionnaire} questionnaire
 * @param {string} box
 * @param {Answers} answers
 */
export function nextQuestion(questionnaire, box, answers) {
  const given = new Map(answers)
  return path(questionnaire, box, answers).find((name) => !given.has(name)) ?? null
}

/**
 * @param {Questionnaire} questionnaire
 * @param {string} box
 * @param {Answers} answers
 * @param {string} question
 * @param {string} choice
 * @returns {Answers}
 */
export function answered(questionnaire, box, answers, question, choice) {
  const given = new Map([...answers, [question, choice]])
  return path(questionnaire, box, [...given]).flatMap((name) => {
    const chosen = given.get(name)
    return chosen === undefined ? [] : [[name, chosen]]
  })
}

/**
 * @param {Questionnaire} questionnaire
 * @param {string} field
 * @param {Answers} answers
 */
export function inField(questionnaire, field, answers) {
  return answers
    .filter(([name]) => questionnaire.questions[name].field === field)
    .map(([, choice]) => choice)
    .filter((choice) => choice !== questionnaire.nothingMore)
}

/**
 * @param {Questionnaire} questionnaire
 * @param {Answers} answers
 */
export function isUrgent(questionnaire, answers) {
  return answers.some(([name, choice]) => questionnaire.questions[name].yes === choice)
}

/**
 * @param {Questionnaire} questionnaire
 * @param {string[]} villages
 * @returns {Questionnaire}
 */
export function withVillages(questionnaire, villages) {
  const { where } = questionnaire.questions
  const named = villages.map((village) => `village:${village}`)
  const choices = [...where.choices.slice(0, -1), ...named, ...where.choices.slice(-1)]
  return {
    ...questionnaire,
    questions: { ...questionnaire.questions, where: { ...where, choices } },
  }
}
