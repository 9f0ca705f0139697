// Posts envelopes until each is answered. A repeat has the same bytes and makes no second report.

const TIMEOUT_MS = 25_000
const AGAIN_MS = 2_000
const KEPT = 200
const WAIT = 429

/** Resolves to how many envelopes were kept; `tell` hears {share} while sending, {waiting} between. */
export async function postAll(envelopes, tell, signal) {
  const total = envelopes.reduce((sum, body) => sum + body.length, 0)
  let sent = 0
  for (const [index, body] of envelopes.entries()) {
    const kept = await postUntilAnswered(body, (loaded) => tell({ share: (sent + loaded) / total }), tell, signal)
    if (!kept) return index
    sent += body.length
  }
  return envelopes.length
}

async function postUntilAnswered(body, loaded, tell, signal) {
  while (!signal.aborted) {
    const answer = await post(body, loaded, signal)
    if (answer.status === KEPT) return true
    if (answer.status !== 0 && answer.status !== WAIT) return false
    tell({ waiting: answer.status === WAIT ? "say.wait" : "say.retry" })
    await rest(answer.status === WAIT ? answer.wait * 1000 : AGAIN_MS, signal)
  }
  return false
}

/** The answer's status; 0 when none came, as after the Wi-Fi was lost. */
function post(body, loaded, signal) {
  return new Promise((done) => {
    const request = new XMLHttpRequest()
    request.open("POST", "/r")
    request.timeout = TIMEOUT_MS
    request.responseType = "json"
    request.setRequestHeader("Content-Type", "application/octet-stream")
    request.upload.onprogress = (event) => loaded(event.loaded)
    request.onloadend = () => done({ status: request.status, wait: request.response?.wait ?? 60 })
    signal.addEventListener("abort", () => request.abort(), { once: true })
    request.send(body)
  })
}

function rest(milliseconds, signal) {
  return new Promise((done) => {
    const timer = setTimeout(done, milliseconds)
    for (const [source, event] of [[window, "online"], [signal, "abort"]]) {
      source.addEventListener(event, () => (clearTimeout(timer), done()), { once: true })
    }
  })
}
