// A recording made here goes into the form as if it were a file that was chosen.
const MOST_BYTES = 10_000_000
const TOLD = {
  ready: "hoặc chọn một tệp ở dưới",
  taking: "Đang thu, bấm lần nữa để dừng:",
  taken: "Đã thu. Nghe lại trước khi gửi.",
  large: "Tệp lớn quá. Xin chọn tệp MP3, M4A hay OGG, hoặc bấm Thu âm.",
  failed: "Không mở được micrô. Xin cắm micrô, cho phép thu âm, hoặc chọn một tệp.",
}

/**
 * The element at `selector` in `place`, which is one of that type.
 * @template {HTMLElement} T
 * @param {HTMLElement} place
 * @param {string} selector
 * @param {new () => T} type
 */
function part(place, selector, type) {
  const found = place.querySelector(selector)
  if (!(found instanceof type)) throw new TypeError(`a recorder without ${selector}`)
  return found
}

class Recorder {
  /** @param {HTMLElement} place */
  constructor(place) {
    this.seconds = Number(place.dataset.recorder)
    this.input = part(place, "input[type=file]", HTMLInputElement)
    this.kept = place.querySelector("input[type=hidden]")
    this.audio = part(place, "audio", HTMLAudioElement)
    this.take = part(place, "[data-take]", HTMLButtonElement)
    this.drop = part(place, "[data-drop]", HTMLButtonElement)
    this.told = part(place, "[role=status]", HTMLElement)
    /** @type {MediaRecorder | null} */
    this.recording = null
    this.began = 0
    this.clock = 0
    part(place, ".take", HTMLElement).hidden = false
    this.told.textContent = TOLD.ready
    this.drop.hidden = !this.kept
    this.take.addEventListener("click", () => (this.recording ? this.stop(this.recording) : this.start()))
    this.drop.addEventListener("click", () => this.forget())
    this.input.addEventListener("change", () => this.show())
    this.input.form?.addEventListener("submit", (event) => this.recording && event.preventDefault())
  }

  async start() {
    const microphone = await navigator.mediaDevices.getUserMedia({audio: true}).catch(() => null)
    if (!microphone) {
      this.told.textContent = TOLD.failed
      return
    }
    /** @type {Blob[]} */
    const parts = []
    const recording = new MediaRecorder(microphone)
    recording.ondataavailable = ({data}) => parts.push(data)
    recording.onstop = () => this.keep(new Blob(parts, {type: recording.mimeType}))
    recording.start()
    this.recording = recording
    this.began = performance.now()
    this.take.textContent = "■ Dừng"
    this.clock = setInterval(() => this.tick(recording), 200)
    this.tick(recording)
  }

  /** @param {MediaRecorder} recording */
  tick(recording) {
    const taken = (performance.now() - this.began) / 1000
    this.told.textContent = `${TOLD.taking} ${Math.floor(taken)} / ${this.seconds} giây`
    if (taken >= this.seconds - 0.5) this.stop(recording)
  }

  /** @param {MediaRecorder} recording */
  stop(recording) {
    clearInterval(this.clock)
    recording.stop()
    recording.stream.getTracks().forEach((track) => track.stop())
  }

  /** @param {Blob} sound */
  keep(sound) {
    this.recording = null
    this.take.textContent = "● Thu lại"
    const chosen = new DataTransfer()
    chosen.items.add(new File([sound], "thu-am", {type: sound.type}))
    this.input.files = chosen.files
    this.show()
    this.told.textContent = TOLD.taken
  }

  show() {
    URL.revokeObjectURL(this.audio.src)
    const file = this.input.files?.[0]
    if (file && file.size > MOST_BYTES) {
      this.forget()
      this.told.textContent = TOLD.large
      return
    }
    this.audio.hidden = this.drop.hidden = !file
    if (file) this.audio.src = URL.createObjectURL(file)
    else this.audio.removeAttribute("src")
    this.kept?.remove()
  }

  forget() {
    this.input.value = ""
    this.show()
    this.told.textContent = TOLD.ready
  }
}

if (navigator.mediaDevices) {
  /** @type {NodeListOf<HTMLElement>} */
  const places = document.querySelectorAll("[data-recorder]")
  places.forEach((place) => new Recorder(place))
}
