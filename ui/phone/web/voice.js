// Plays clips one after the other where they were built; says nothing where they were not.

import content from "content"

let playing = null

export function canSay(language, id) {
  return content.clips[language]?.includes(id) ?? false
}

/** Says each [string id, element] in turn; the element is ringed while its words are heard. */
export async function say(language, lines) {
  hush()
  const audio = (playing = new Audio())
  for (const [id, element] of lines.filter(([id]) => canSay(language, id))) {
    if (playing !== audio) return
    element?.classList.add("spoken")
    await heard(audio, `clips/${language}/${id}.mp3`)
    element?.classList.remove("spoken")
  }
}

export function hush() {
  playing?.pause()
  playing = null
}

function heard(audio, address) {
  return new Promise((done) => {
    for (const event of ["ended", "error", "pause"]) audio.addEventListener(event, done, { once: true })
    audio.src = address
    audio.play().catch(done)
  })
}
