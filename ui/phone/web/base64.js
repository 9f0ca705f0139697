// Bytes as the server's JSON writes them.

export function toBytes(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
}

export function toText(bytes) {
  return btoa(String.fromCharCode(...bytes))
}

export function fromHex(text) {
  return Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16))
}
