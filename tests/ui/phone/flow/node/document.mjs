// As much of a document as the page's script touches: a tree without layout.

export class Element {
  constructor(tag) {
    Object.assign(this, { tag, dataset: {}, children: [], className: "", src: "", ended: false })
    this.classList = { add() {}, remove() {} }
  }

  append(...children) {
    this.children.push(...children)
  }

  replaceChildren(...children) {
    this.children = children
  }

  setAttribute(name, value) {
    this[name] = value
  }

  closest(tag) {
    return tag === this.tag ? this : null
  }

  focus() {}

  /** Every element below this one, in the order of the page. */
  get all() {
    const found = []
    this.gather(found)
    return found
  }

  gather(found) {
    for (const child of this.children) {
      if (child instanceof Element) {
        found.push(child)
        child.gather(found)
      }
    }
  }

  get text() {
    return this.children.map((child) => child.text ?? child).join("")
  }

  find(tag, className) {
    return this.all.filter((one) => one.tag === tag && (!className || one.has(className)))
  }

  has(className) {
    return this.className.split(" ").includes(className)
  }
}

/** Draws nothing; every picture in it is the same four bytes. */
class Canvas extends Element {
  getContext() {
    return { drawImage() {} }
  }

  toBlob(done) {
    done({ arrayBuffer: async () => Uint8Array.of(0xff, 0xd8, 0xff, 0xd9).buffer })
  }
}

export class TextArea extends Element {}

export class Input extends Element {
  files = []
}

const TYPES = { canvas: Canvas, input: Input, textarea: TextArea }

export class Document extends Element {
  constructor() {
    super("#document")
    this.documentElement = new Element("html")
    this.body = new Element("body")
    this.listeners = {}
  }

  createElement(tag) {
    return new (TYPES[tag] ?? Element)(tag)
  }

  querySelector(selector) {
    const named = selector.startsWith(".") ? (one) => one.has(selector.slice(1)) : (one) => one.tag === selector
    return this.body.all.find(named) ?? null
  }

  addEventListener(event, listener) {
    this.listeners[event] = listener
  }
}
