// A photo drawn again, so that nothing but the picture is left, and small enough to be carried.

import { ATTACHMENT_PLAINTEXTS } from "./report.js"

const LARGEST = Math.max(...ATTACHMENT_PLAINTEXTS) - 1
const TRIES = [1600, 1280, 1024, 800, 640, 480, 320].flatMap((side) => [[side, 0.8], [side, 0.55]])

/** @param {Blob} file */
export async function smallPhoto(file) {
  const address = URL.createObjectURL(file)
  try {
    const image = await loaded(address)
    for (const [side, quality] of TRIES) {
      const bytes = await jpeg(image, side, quality)
      if (bytes.length <= LARGEST) return bytes
    }
  } finally {
    URL.revokeObjectURL(address)
  }
  throw new RangeError("a picture that does not get small")
}

/** @param {string} address */
async function loaded(address) {
  const image = new Image()
  image.src = address
  await image.decode()
  return image
}

/**
 * @param {HTMLImageElement} image
 * @param {number} side the longer one, in pixels
 * @param {number} quality 0 to 1
 */
async function jpeg(image, side, quality) {
  const scale = Math.min(1, side / Math.max(image.naturalWidth, image.naturalHeight))
  const canvas = document.createElement("canvas")
  canvas.width = Math.max(1, Math.round(image.naturalWidth * scale))
  canvas.height = Math.max(1, Math.round(image.naturalHeight * scale))
  const pen = canvas.getContext("2d")
  if (!pen) throw new TypeError("a picture that cannot be drawn")
  pen.drawImage(image, 0, 0, canvas.width, canvas.height)
  /** @type {Blob | null} */
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality))
  if (!blob) throw new TypeError("a picture that cannot be drawn")
  return new Uint8Array(await blob.arrayBuffer())
}
