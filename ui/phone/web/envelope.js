// What is posted: kind, flags, report id, sealed bytes. Sealed once, so that a repeat is the same.

import { fromHex, toBytes } from "./base64.js"
import { isUrgent } from "./flow.js"
import { ATTACHMENT_PLAINTEXTS, encodeReport, ICON_PLAINTEXT, pad } from "./report.js"
import { seal } from "./seal.js"

/** @import { Questionnaire, Site } from "./types.js" */
/** @import { Telling } from "./report.js" */

const ICONS = 1
const PHOTO = 3
const ID_BYTES = 16

/**
 * @param {Questionnaire} questionnaire
 * @param {Telling & { photo: Uint8Array | null }} told
 * @param {Site & { station_key: string, key_id: string }} site
 */
export async function envelopes(questionnaire, told, site) {
  const reportId = crypto.getRandomValues(new Uint8Array(ID_BYTES))
  const flags = isUrgent(questionnaire, told.answers) ? 1 : 0
  const stationKey = toBytes(site.station_key)
  const keyId = fromHex(site.key_id)
  const envelope = async (/** @type {number} */ kind, /** @type {Uint8Array} */ padded) =>
    Uint8Array.from([kind, flags, ...reportId, ...(await seal(kind, padded, stationKey, keyId))])

  const report = encodeReport(questionnaire, reportId, told, site)
  const sealed = [await envelope(ICONS, pad(report, ICON_PLAINTEXT))]
  const { photo } = told
  if (photo) {
    const size = ATTACHMENT_PLAINTEXTS.find((bytes) => photo.length < bytes) ?? 0
    sealed.push(await envelope(PHOTO, pad(photo, size)))
  }
  return sealed
}
