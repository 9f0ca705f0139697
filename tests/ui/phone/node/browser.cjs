// Loaded before the page's modules: what every browser has and a script under Node 18 has not.

globalThis.crypto ??= require("node:crypto").webcrypto
