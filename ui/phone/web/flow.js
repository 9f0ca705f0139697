// The path rule of kiosk/content/questionnaire.py, over the same data. Answers are [question, choice] pairs.

export function path(questionnaire, box, answers) {
  const given = new Map(answers)
  const found = new Set()
  const expand = (names) => {
    for (const name of names) {
      found.add(name)
      expand(questionnaire.questions[name].then[given.get(name)] ?? [])
    }
  }
  expand(questionnaire.boxes[box].steps)
  for (const [name, choice] of answers) {
    if (questionnaire.questions[name].yes === choice) found.add(name)
  }
  return [...found]
}

export function nextQuestion(questionnaire, box, answers) {
  const given = new Map(answers)
  return path(questionnaire, box, answers).find((name) => !given.has(name)) ?? null
}

export function answered(questionnaire, box, answers, question, choice) {
  const given = new Map([...answers, [question, choice]])
  return path(questionnaire, box, [...given])
    .filter((name) => given.has(name))
    .map((name) => [name, given.get(name)])
}

export function inField(questionnaire, field, answers) {
  return answers
    .filter(([name]) => questionnaire.questions[name].field === field)
    .map(([, choice]) => choice)
    .filter((choice) => choice !== questionnaire.nothingMore)
}

export function isUrgent(questionnaire, answers) {
  return answers.some(([name, choice]) => questionnaire.questions[name].yes === choice)
}

export function withVillages(questionnaire, villages) {
  const { where } = questionnaire.questions
  const named = villages.map((village) => `village:${village}`)
  const choices = [...where.choices.slice(0, -1), ...named, ...where.choices.slice(-1)]
  return {
    ...questionnaire,
    questions: { ...questionnaire.questions, where: { ...where, choices } },
  }
}
