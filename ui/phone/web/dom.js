// Elements, and the words and pictures in them.

import content from "content"

/** @typedef {Node | string | null | undefined} Child */

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {{ data?: Record<string, string>, [name: string]: unknown }} properties
 * @param {(Child | Child[])[]} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function el(tag, properties = {}, ...children) {
  const { data = {}, ...rest } = properties
  const made = Object.assign(document.createElement(tag), rest)
  Object.assign(made.dataset, data)
  made.append(...children.flat().filter((child) => child != null))
  return made
}

/**
 * The words of a string; see kiosk/views/wording.py.
 * @param {string} language
 * @param {string} id
 */
export function words(language, id) {
  const [large, largeLanguage, small, smallLanguage] = content.words[language][id]
  return [
    el("b", { lang: largeLanguage }, large),
    ...(small ? [el("small", { lang: smallLanguage }, small)] : []),
  ]
}

/** @param {string} name */
export function picture(name) {
  const icon = content.icons.includes(name)
  const [width, height] = icon ? [160, 160] : [400, 225]
  return el("img", { src: `tiles/${name}.webp`, alt: "", width, height, className: icon ? "icon" : "scene" })
}

/**
 * @param {Record<string, string>} data
 * @param {string} pictureName
 * @param {Child[]} label
 */
export function button(data, pictureName, label, className = "") {
  const shown = pictureName ? [picture(pictureName)] : []
  return el("button", { type: "button", className, data }, ...shown, el("span", {}, ...label))
}
