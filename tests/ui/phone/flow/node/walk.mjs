// Runs the page's script under Node: each line of input is a visit, {site, board, steps}; each line
// of output is what the page showed and sent after each step, the opening of the page first.

import { setMaxListeners } from "node:events"
import { readFileSync } from "node:fs"
import { createInterface } from "node:readline"
import { compileFunction } from "node:vm"

import { Document, Element, Input, TextArea } from "./document.mjs"
import { Hall, requestsTo } from "./hall.mjs"

const PORTS = [
  ...["document", "window", "history", "addEventListener", "scrollTo", "setTimeout", "clearTimeout"],
  ...["fetch", "XMLHttpRequest", "URL", "Image", "Blob", "crypto"],
  ...["Element", "HTMLInputElement", "HTMLTextAreaElement"],
]
const script = compileFunction(readFileSync(process.argv[2], "utf8"), PORTS)
const LONGEST_REST_MS = 60_000

setMaxListeners(0)

let broken = null
process.on("unhandledRejection", (error) => (broken = error))

/** Everything has happened that follows; what then fails counts as the step's own failure. */
async function settled() {
  await new Promise(setImmediate)
  const error = broken
  broken = null
  if (error) throw error
}

class Photo {
  naturalWidth = 4
  naturalHeight = 3
  async decode() {}
}

class Page {
  constructor(world) {
    this.document = new Document()
    this.hall = new Hall(world)
    this.listeners = {}
    this.photos = new Set()
    this.idle = null
    let addresses = 0
    let ids = 0
    const URL = {
      createObjectURL: () => (this.photos.add(`blob:${++addresses}`), `blob:${addresses}`),
      revokeObjectURL: (address) => this.photos.delete(address),
    }
    const setTimeout = (done, ms) => {
      if (ms > LONGEST_REST_MS) this.idle = done
      else queueMicrotask(done)
    }
    const history = { state: null, pushState: () => (history.state = true) }
    this.history = history
    script(
      this.document, { addEventListener() {} }, history, (event, listener) => (this.listeners[event] = listener),
      () => {}, setTimeout, () => {}, this.hall.fetch, requestsTo(this.hall), URL, Photo,
      class {}, { getRandomValues: (id) => id.fill(++ids) }, Element, Input, TextArea,
    )
  }

  get main() {
    return this.document.body.find("main")[0]
  }

  async step([kind, value]) {
    if (["choice", "change", "action"].includes(kind)) this.tap(kind, value)
    else if (kind === "text") this.type(value)
    else if (kind === "photo") this.choosePhoto()
    else if (kind === "idle") this.idle?.()
    else if (kind === "hardware_back") (this.history.state = null), this.listeners.popstate()
    else if (kind === "hear") await this.hall.hear(value, settled)
    else throw new Error(`an unknown step ${kind}`)
    await settled()
  }

  tap(kind, value) {
    const target = this.document.body.find("button").find(({ dataset }) => dataset[kind] === value)
    if (!target) throw new Error(`${kind} ${value} is not offered on ${this.main.dataset.screen}`)
    this.document.listeners.click({ target })
  }

  choosePhoto() {
    const [field] = this.main.find("input")
    field.files = [{}]
    this.document.listeners.change({ target: field })
  }

  type(value) {
    const [field] = this.main.find("textarea")
    field.value = value
    this.document.listeners.input({ target: field })
  }

  shown() {
    const { body, documentElement } = this.document
    const [title] = this.main.find("h1")
    const tappable = this.main.find("button").map(offer)
    const shown = this.main.find("div", "shown").map((tile) => ["", "", ...face(tile)])
    const numbers = this.main.find("section", "answer").flatMap((one) => one.find("strong"))
    const [dots] = this.main.find("p", "dots")
    const nav = body.find("nav").flatMap((one) => one.find("button")).map(offer)
    return {
      screen: this.main.dataset.screen,
      language: documentElement.lang,
      box: body.dataset.accent,
      prompt: title.text,
      picture: pictureIn(this.main.children[0]),
      tiles: [...tappable.filter(([kind]) => kind !== "action"), ...shown],
      actions: tappable.filter(([kind]) => kind === "action").map(([, ...rest]) => rest),
      written: [...this.main.find("p", "letter"), ...numbers].map(({ text }) => text),
      navigation: nav.map(([, value]) => value),
      quit: body.find("button", "quit").length > 0,
      progress: dots ? [dots.find("i", "full").length, dots.find("i").length] : null,
      text: this.main.find("textarea").map(({ value }) => value)[0] ?? "",
      photos: this.photos.size,
      ...this.hall.heard(),
    }
  }
}

function offer(button) {
  const [[kind, value]] = Object.entries(button.dataset)
  return [kind, value, ...face(button)]
}

function face(tile) {
  return [pictureIn(tile), tile.text]
}

function pictureIn(element) {
  return element.find("img").map(({ src }) => src.match(/^tiles\/(.*)\.webp$/)?.[1]).find(Boolean) ?? ""
}

async function walk({ steps, ...world }) {
  const page = new Page(world)
  const trace = []
  try {
    await settled()
    trace.push(page.shown())
    for (const step of steps) {
      await page.step(step)
      trace.push(page.shown())
    }
  } catch (error) {
    trace.push({ broke: String(error) })
  }
  return trace
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await walk(JSON.parse(line))))
}
