// The shapes of all data on the page: what is built into it, what the kiosk's server says, a visit.

/**
 * A question. `then` maps a choice to the questions that it adds, `yes` is the choice that means
 * danger, `ends` the one that ends the visit.
 * @typedef {{
 *   field: string, choices: string[], then: Record<string, string[]>, yes: string | null, ends: string | null,
 * }} Question
 */

/**
 * All that can be asked, as ui/phone/content.py writes it.
 * @typedef {{
 *   boxes: Record<string, { kind: string, steps: string[] }>, questions: Record<string, Question>,
 *   procedures: Record<string, string[]>, notices: string[], nothingMore: string,
 * }} Questionnaire
 */

/**
 * Large words and their language, small words and theirs.
 * @typedef {[string, string, string, string]} Label
 */

/**
 * What is built into the page, as ui/phone/content.py writes it: `words` by language and string,
 * `families` of the pictures of codes, names of square pictures, strings that have a clip.
 * @typedef {{
 *   languages: string[], questionnaire: Questionnaire, words: Record<string, Record<string, Label>>,
 *   families: Record<string, string[]>, icons: string[], clips: Record<string, string[]>,
 * }} Content
 */

/**
 * The kiosk's site.json, as ui/phone/site.py writes it; keys in base64, their ids in hexadecimal.
 * `station_key` is null while filing is closed, `wish_key` where there are no picture codes.
 * @typedef {{
 *   station_key: string | null, key_id: string | null, wish_key: string | null, wish_key_id: string | null,
 *   day: string | null, half: string | null, phrase: string[], villages: { id: string, name: string }[],
 *   phones: { whose: string, number: string }[], open: boolean, urgent_open: boolean,
 * }} Site
 */

/** @typedef {{ vi: string, hmn: string }} Text Words of the station, empty where it has none. */

/** @typedef {{ id: string, picture: string, words: Text, opening: Text, sounds: string[] }} Notice */

/**
 * The kiosk's board.json, as ui/phone/bulletin.py writes it.
 * @typedef {{
 *   notices: Notice[], procedures: Record<string, { cards: string[], lines: Text[], form: string }>,
 * }} Board
 */

/**
 * One answer of the station: pictures with their strings, a number, a line, whether it was spoken.
 * @typedef {{ parts: [string, string][], number: string, text: string, voiced: boolean }} Told
 */

/** @typedef {{ code: string[], key: Uint8Array, answers: Told[], locked: boolean }} Heard A wish's answer. */

/** @typedef {[question: string, choice: string][]} Answers */

/** @typedef {{ bytes: Uint8Array<ArrayBuffer>, address: string }} Photo */

/**
 * Where a visit stands; `item` and `box` are empty where there is none. `code` is to be remembered,
 * `entered` what was tapped of one, `told` what it opened and `proven` its answer key; `sealed` is
 * what was sent and may be sent again.
 * @typedef {{
 *   screen: string, item: string, language: string, box: string, answers: Answers, text: string, photo: Photo | null,
 *   code: string[], entered: string[], told: Told[], proven: Uint8Array | null, sealed: Uint8Array<ArrayBuffer>[] | null,
 * }} Place
 */

/** @typedef {Place & { history: Place[] }} Visit A place, and where Back leads from it. */

/** @typedef {Visit & { site: Site, board: Board, questionnaire: Questionnaire }} State What a screen shows. */

/** @typedef {[line: string, element: Element | null][]} Lines What is said in turn, and what is ringed. */

/**
 * A screen: the string asked, or an address to be heard under `heading`; a picture, and what follows.
 * @typedef {{ prompt: string, heading?: Element[], image?: string, body: Element[], lines?: Lines }} Shown
 */

/** @typedef {(state: State) => Shown} View */

/** @typedef {[action: string, image: string, id: string, className: string]} Action */

/** @typedef {(news: { share?: number, waiting?: string }) => void} Tell Hears how far a post is. */

export {}
