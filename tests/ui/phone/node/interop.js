// Runs the page's own modules under Node: one JSON question a line, one JSON answer a line.

import { envelopes } from "../../../../ui/phone/web/envelope.js"
import { answered, nextQuestion, path, withVillages } from "../../../../ui/phone/web/flow.js"
import { isConsistent } from "../../../../ui/phone/web/picture_code.js"
import { ATTACHMENT_PLAINTEXTS, encodeReport, fitting, ICON_PLAINTEXT, pad } from "../../../../ui/phone/web/report.js"
import { openTold, seal, sealWish, suite } from "../../../../ui/phone/web/seal.js"

const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16))
const hex = (array) => [...array].map((byte) => byte.toString(16).padStart(2, "0")).join("")

const ANSWERS = {
  visit({ questionnaire, villages, box, given, language, text, site, id, answerKey }) {
    const asked = withVillages(questionnaire, villages)
    let answers = []
    const steps = given.map(([question, choice]) => {
      answers = answered(asked, box, answers, question, choice)
      return [path(asked, box, answers), nextQuestion(asked, box, answers)]
    })
    const report = encodeReport(asked, bytes(id), { box, answers, language, text, answerKey: answerKey && bytes(answerKey) }, site)
    return { steps, report: hex(report), choices: asked.questions.where.choices }
  },
  isConsistent: ({ families, code }) => isConsistent(families, code),
  async envelopes({ questionnaire, told, site }) {
    const photo = told.photo && bytes(told.photo)
    return (await envelopes(questionnaire, { ...told, photo }, site)).map(hex)
  },
  sizes: () => [ICON_PLAINTEXT, ...ATTACHMENT_PLAINTEXTS],
  fitting: ({ text }) => fitting(text),
  sealWish: async ({ data, key, keyId }) => hex(await sealWish(bytes(data), bytes(key), bytes(keyId))),
  async openTold({ seed, told, keyId }) {
    return hex(await openTold(bytes(told), await suite.DeserializePrivateKey(bytes(seed)), bytes(keyId)))
  },
  pad: ({ data, size }) => hex(pad(bytes(data), size)),
  seal: async ({ part, data, key, keyId }) => hex(await seal(part, bytes(data), bytes(key), bytes(keyId))),
  async open({ seed, enc, sealed, info, aad }) {
    const key = await suite.DeserializePrivateKey(bytes(seed))
    return hex(await suite.Open(key, bytes(enc), bytes(sealed), { info: bytes(info), aad: bytes(aad) }))
  },
}

async function answerAll(input) {
  let waiting = ""
  for await (const chunk of input.setEncoding("utf8")) {
    const lines = (waiting + chunk).split("\n")
    waiting = lines.pop()
    for (const line of lines) {
      const { call, ...question } = JSON.parse(line)
      console.log(JSON.stringify(await ANSWERS[call](question)))
    }
  }
}

answerAll(process.stdin)
