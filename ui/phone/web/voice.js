// Plays clips one after the other where they were built; says nothing where they were not.

import content from "content"

/** @import { Lines } from "./types.js" */

/** @type {HTMLAudioElement | null} */
let playing = null

/**
 * Whether a line can be heard: the clip of a string, or the address of a recording.
 * @param {string} language
 * @param {string} line
 */
export function canSay(language, line) {
  return isAddress(line) || (content.clips[language]?.includes(line) ?? false)
}

/**
 * Says each [line, element] in turn; the element is ringed while its words are heard.
 * @param {string} language
 * @param {Lines} lines
 */
export async function say(language, lines) {
  hush()
  const audio = (playing = new Audio())
  for (const [line, element] of lines.filter(([line]) => canSay(language, line))) {
    if (playing !== audio) return
    element?.classList.add("spoken")
    await heard(audio, isAddress(line) ? line : `clips/${language}/${line}.mp3`)
    element?.classList.remove("spoken")
  }
}

/** @param {string} line */
function isAddress(line) {
  return line.includes("/")
}

export function hush() {
  playing?.pause()
  playing = null
}

/**
 * @param {HTMLAudioElement} audio
 * @param {string} address
 */
function heard(audio, address) {
  return new Promise((done) => {
    for (const event of ["ended", "error", "pause"]) audio.addEventListener(event, done, { once: true })
    audio.src = address
    audio.play().catch(done)
  })
}
