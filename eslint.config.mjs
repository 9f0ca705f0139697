// How our own JavaScript is checked; `make lint` runs it, and the types beside it (tsconfig.json).

import js from "@eslint/js"
import globals from "globals"

const modules = { sourceType: "module", globals: globals.browser }

export default [
  js.configs.recommended,
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  { files: ["ui/phone/web/*.js"], languageOptions: modules },
  { files: ["uplink/station/desk/web/static/*.js"], languageOptions: { sourceType: "script", globals: globals.browser } },
  { files: ["tests/**/*.{js,mjs}"], languageOptions: { sourceType: "module", globals: globals.node } },
]
