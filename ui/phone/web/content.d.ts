// What the bundler puts in the place of `content`; see ui/phone/content.py.

import type { Content } from "./types.js"

declare const content: Content
export default content
