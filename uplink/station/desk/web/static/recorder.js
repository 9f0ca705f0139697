// A recording made here goes into the form as if it were a file that was chosen.
const MOST_BYTES = 10_000_000
const TOLD = {
  ready: "hoặc chọn một tệp ở dưới",
  taking: "Đang thu, bấm lần nữa để dừng:",
  taken: "Đã thu. Nghe lại trước khi gửi.",
  large: "Tệp lớn quá. Xin chọn tệp MP3, M4A hay OGG, hoặc bấm Thu âm.",
  failed: "Không mở được micrô. Xin cắm micrô, cho phép thu âm, hoặc chọn một tệp.",
}

class Recorder {
  constructor(place) {
    this.seconds = Number(place.dataset.recorder)
    this.input = place.querySelector("input[type=file]")
    this.kept = place.querySelector("input[type=hidden]")
    this.audio = place.querySelector("audio")
    this.take = place.querySelector("[data-take]")
    this.drop = place.querySelector("[data-drop]")
    this.told = place.querySelector("[role=status]")
    place.querySelector(".take").hidden = false
    this.told.textContent = TOLD.ready
    this.drop.hidden = !this.kept
    this.take.addEventListener("click", () => (this.recording ? this.stop() : this.start()))
    this.drop.addEventListener("click", () => this.forget())
    this.input.addEventListener("change", () => this.show())
    this.input.form.addEventListener("submit", (event) => this.recording && event.preventDefault())
  }

  async start() {
    try {
      this.microphone = await navigator.mediaDevices.getUserMedia({audio: true})
    } catch {
      this.told.textContent = TOLD.failed
      return
    }
    const parts = []
    this.recording = new MediaRecorder(this.microphone)
    this.recording.ondataavailable = ({data}) => parts.push(data)
    this.recording.onstop = () => this.keep(new Blob(parts, {type: this.recording.mimeType}))
    this.recording.start()
    this.began = performance.now()
    this.take.textContent = "■ Dừng"
    this.clock = setInterval(() => this.tick(), 200)
    this.tick()
  }

  tick() {
    const taken = (performance.now() - this.began) / 1000
    this.told.textContent = `${TOLD.taking} ${Math.floor(taken)} / ${this.seconds} giây`
    if (taken >= this.seconds - 0.5) this.stop()
  }

  stop() {
    clearInterval(this.clock)
    this.recording.stop()
    this.microphone.getTracks().forEach((track) => track.stop())
  }

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
    const [file] = this.input.files
    if (file?.size > MOST_BYTES) {
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
  document.querySelectorAll("[data-recorder]").forEach((place) => new Recorder(place))
}
