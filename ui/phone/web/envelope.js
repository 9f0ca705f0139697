// What is posted: kind, flags, report id, sealed bytes. Sealed once, so that a repeat is the same.

import { fromHex, toBytes } from "./base64.js"
import { isUrgent } from "./flow.js"
import { ATTACHMENT_PLAINTEXTS, encodeReport, ICON_PLAINTEXT, pad } from "./report.js"
import { seal } from "./seal.js"

const ICONS = 1
const PHOTO = 3
const ID_BYTES = 16

export async function envelopes(questionnaire, told, site) {
  const reportId = crypto.getRandomValues(new Uint8Array(ID_BYTES))
  const flags = isUrgent(questionnaire, told.answers) ? 1 : 0
  const stationKey = toBytes(site.station_key)
  const keyId = fromHex(site.key_id)
  const envelope = async (kind, padded) =>
    Uint8Array.from([kind, flags, ...reportId, ...(await seal(kind, padded, stationKey, keyId))])

  const report = encodeReport(questionnaire, reportId, told, site)
  const sealed = [await envelope(ICONS, pad(report, ICON_PLAINTEXT))]
  if (told.photo) {
    const size = ATTACHMENT_PLAINTEXTS.find((bytes) => told.photo.length < bytes)
    sealed.push(await envelope(PHOTO, pad(told.photo, size)))
  }
  return sealed
}
