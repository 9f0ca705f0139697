// Posts to the kiosk until it is heard. A repeat has the same bytes and makes no second report.

export const KEPT = 200
export const BUSY = 503

const TIMEOUT_MS = 25_000
const AGAIN_MS = 2_000
const WAIT = 429

/** Resolves to how many envelopes were kept; `tell` hears {share} while sending, {waiting} between. */
export async function postAll(envelopes, tell, signal) {
  const total = envelopes.reduce((sum, body) => sum + body.length, 0)
  let sent = 0
  for (const [index, body] of envelopes.entries()) {
    const told = ({ loaded, ...other }) => tell(loaded === undefined ? other : { share: (sent + loaded) / total })
    if (!(await postUntilKept(body, told, signal))) return index
    sent += body.length
  }
  return envelopes.length
}

async function postUntilKept(body, tell, signal) {
  while (!signal.aborted) {
    const answer = await postUntilHeard("/r", body, "json", tell, signal)
    if (answer.status === KEPT) return true
    if (answer.status !== WAIT) return false
    tell({ waiting: "say.wait" })
    await rest((answer.response?.wait ?? 60) * 1000, signal)
  }
  return false
}

/** {status, response} as soon as there is any; status 0 when it was given up. */
export async function postUntilHeard(path, body, type, tell, signal) {
  while (!signal.aborted) {
    const answer = await post(path, body, type, tell, signal)
    if (answer.status !== 0) return answer
    tell({ waiting: "say.retry" })
    await rest(AGAIN_MS, signal)
  }
  return { status: 0 }
}

/** The status is 0 when no answer came, as after the Wi-Fi was lost. */
function post(path, body, type, tell, signal) {
  return new Promise((done) => {
    const request = new XMLHttpRequest()
    request.open("POST", path)
    request.timeout = TIMEOUT_MS
    request.responseType = type
    request.setRequestHeader("Content-Type", "application/octet-stream")
    request.upload.onprogress = ({ loaded }) => tell({ loaded })
    request.onloadend = () => done({ status: request.status, response: request.response })
    signal.addEventListener("abort", () => request.abort(), { once: true })
    request.send(body)
  })
}

export function rest(milliseconds, signal) {
  return new Promise((done) => {
    const timer = setTimeout(done, milliseconds)
    for (const [source, event] of [[window, "online"], [signal, "abort"]]) {
      source.addEventListener(event, () => (clearTimeout(timer), done()), { once: true })
    }
  })
}
