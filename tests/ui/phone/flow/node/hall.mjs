// The kiosk's server as a phone meets it: it answers when the test says what it answers.

const SEALED_AT = 1120
const HEAD = 18
const KEY_BYTES = 1216
const LOST = 0, KEPT = 200, BUSY = 503
const PARTS = { 1: "icons", 3: "photo" }

const hex = (bytes) => Buffer.from(bytes).toString("hex")

/** The key of a code's answer box: its pictures' names, over and over. */
function boxKey(code) {
  return btoa(`${code.join(" ")} `.repeat(KEY_BYTES).slice(0, KEY_BYTES))
}

export class Hall {
  constructor({ site, board }) {
    this.files = { "/site.json": site, "/board.json": board }
    this.waiting = []
    this.answering = null
    this.sent = []
    this.asked = []
  }

  fetch = async (path) => ({ json: async () => this.files[path] })

  take(request) {
    if (this.answering) queueMicrotask(() => this.answer(request, this.answering))
    else this.waiting.push(request)
  }

  /** Answers what waits, and what follows from that: {code, answers, locked, icons, photo}. */
  async hear(answering, settled) {
    this.answering = answering
    for (const request of this.waiting.splice(0)) if (!request.over) this.answer(request, answering)
    await settled()
    this.answering = null
  }

  answer(request, answering) {
    if (request.path === "/c") return this.fulfil(request, answering)
    const [head, padded] = [request.body.slice(0, HEAD), request.body.slice(HEAD + SEALED_AT)]
    this.sent.push([hex(head), padded.length, hex(padded).replace(/(00)*$/, "")])
    const status = answering[PARTS[head[0]]].shift()
    request.end(status, status === KEPT || status === LOST ? null : { wait: 1 })
  }

  fulfil(request, { code, answers, locked }) {
    const wish = JSON.parse(new TextDecoder().decode(request.body.slice(SEALED_AT)))
    this.asked.push(wish.code)
    if (!wish.code.length && !code) return request.end(BUSY, null)
    const told = wish.code.length ? { code: [], answers, locked } : { code, answers: [], locked: false }
    const key = boxKey(wish.code.length ? wish.code : code)
    const plain = new TextEncoder().encode(JSON.stringify({ ...told, key }))
    request.end(KEPT, Uint8Array.from([...new Uint8Array(SEALED_AT), ...plain]).buffer)
  }

  /** What has been sent and asked since the last call. */
  heard() {
    return { sent: this.sent.splice(0), asked: this.asked.splice(0) }
  }
}

export function requestsTo(hall) {
  return class Request {
    upload = {}
    over = false

    open(_method, path) {
      this.path = path
    }

    setRequestHeader() {}

    send(body) {
      this.body = body
      hall.take(this)
    }

    abort() {
      this.end(LOST, null)
    }

    end(status, response) {
      if (this.over) return
      Object.assign(this, { over: true, status, response })
      this.onloadend()
    }
  }
}
