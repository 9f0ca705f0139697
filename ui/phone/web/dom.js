// Elements, and the words and pictures in them.

import content from "content"

export function el(tag, properties = {}, ...children) {
  const { data = {}, ...rest } = properties
  const made = Object.assign(document.createElement(tag), rest)
  Object.assign(made.dataset, data)
  made.append(...children.flat().filter((child) => child != null))
  return made
}

/** The words of a string: [large, its language, small, its language]; see kiosk/views/wording.py. */
export function words(language, id) {
  const [large, largeLanguage, small, smallLanguage] = content.words[language][id]
  return [
    el("b", { lang: largeLanguage }, large),
    small && el("small", { lang: smallLanguage }, small),
  ].filter(Boolean)
}

export function picture(name) {
  const icon = content.icons.includes(name)
  const [width, height] = icon ? [160, 160] : [400, 225]
  return el("img", { src: `tiles/${name}.webp`, alt: "", width, height, className: icon ? "icon" : "scene" })
}

export function button(data, pictureName, label, className = "") {
  const shown = pictureName ? [picture(pictureName)] : []
  return el("button", { type: "button", className, data }, ...shown, el("span", {}, ...label))
}
