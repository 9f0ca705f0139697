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
  if (target.closest("[data-print]")) print()
})
