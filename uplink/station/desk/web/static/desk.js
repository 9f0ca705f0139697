// What was read must not stay on the screen when the desk is gone.
document.addEventListener("htmx:sendError", () => {
  document.body.replaceChildren(
    Object.assign(document.createElement("p"), {
      className: "gone",
      textContent: "Mất liên lạc với bàn đọc tin. Xin tải lại trang.",
    }),
  )
})

document.addEventListener("click", ({target}) => {
  if (target instanceof Element && target.closest("[data-print]")) print()
})

// What is to be seen and heard here only has no menu that saves it.
document.addEventListener("contextmenu", (event) => {
  const { target } = event
  if (target instanceof Element && target.closest("[data-play-only]")) event.preventDefault()
})
