// Posts to the kiosk until it is heard. A repeat has the same bytes and makes no second report.

/** @import { Tell } from "./types.js" */

export const KEPT = 200
export const BUSY = 503

const TIMEOUT_MS = 25_000
const AGAIN_MS = 2_000
const WAIT = 429

/** @typedef {{ status: number, response: any }} Answer */

/**
 * Resolves to how many envelopes were kept; `tell` hears {share} while sending, {waiting} between.
 * @param {Uint8Array<ArrayBuffer>[]} envelopes
 * @param {Tell} tell
 * @param {AbortSignal} signal
 */
export async function postAll(envelopes, tell, signal) {
  const total = envelopes.reduce((sum, body) => sum + body.length, 0)
  let sent = 0
  for (const [index, body] of envelopes.entries()) {
    const before = sent
    /** @type {Tell} */
    const told = ({ share, ...other }) =>
      tell(share === undefined ? other : { share: (before + share * body.length) / total })
    if (!(await postUntilKept(body, told, signal))) return index
    sent += body.length
  }
  return envelopes.length
}

/**
 * @param {Uint8Array<ArrayBuffer>} body
 * @param {Tell} tell
 * @param {AbortSignal} signal
 */
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

/**
 * The answer as soon as there is any; its status is 0 when it was given up.
 * @param {string} path
 * @param {Uint8Array<ArrayBuffer>} body
 * @param {XMLHttpRequestResponseType} type
 * @param {Tell} tell
 * @param {AbortSignal} signal
 * @returns {Promise<Answer>}
 */
export async function postUntilHeard(path, body, type, tell, signal) {
  while (!signal.aborted) {
    const answer = await post(path, body, type, tell, signal)
    if (answer.status !== 0) return answer
    tell({ waiting: "say.retry" })
    await rest(AGAIN_MS, signal)
  }
  return { status: 0, response: null }
}

/**
 * The status is 0 when no answer came, as after the Wi-Fi was lost.
 * @param {string} path
 * @param {Uint8Array<ArrayBuffer>} body
 * @param {XMLHttpRequestResponseType} type
 * @param {Tell} tell
 * @param {AbortSignal} signal
 * @returns {Promise<Answer>}
 */
function post(path, body, type, tell, signal) {
  return new Promise((done) => {
    const request = new XMLHttpRequest()
    request.open("POST", path)
    request.timeout = TIMEOUT_MS
    request.responseType = type
    request.setRequestHeader("Content-Type", "application/octet-stream")
    request.upload.onprogress = ({ loaded }) => tell({ share: loaded / body.length })
    request.onloadend = () => done({ status: request.status, response: request.response })
    signal.addEventListener("abort", () => request.abort(), { once: true })
    request.send(body)
  })
}

/**
 * @param {number} milliseconds
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
export function rest(milliseconds, signal) {
  return new Promise((done) => {
    const timer = setTimeout(done, milliseconds)
    const end = () => (clearTimeout(timer), done())
    window.addEventListener("online", end, { once: true })
    signal.addEventListener("abort", end, { once: true })
  })
}
