// Links marked data-go turn the page within the app, in one step of the browser's history each. The tab's title says how
// many wait. A minute before somebody is signed out the page says so.
let title = ""
let idle = 0
let touched = Date.now()
let warning = null
const WARN = 60

for (const sign of ["pointerdown", "pointermove", "keydown", "scroll", "touchstart"])
  document.addEventListener(sign, () => (touched = Date.now()), { capture: true, passive: true })

document.addEventListener("click", (press) => {
  const link = press.composedPath().find((e) => e instanceof HTMLAnchorElement && "go" in e.dataset)
  if (!link || press.ctrlKey || press.metaKey || press.shiftKey || press.altKey || press.button) return
  press.preventDefault()
  history.pushState({}, "", link.href)
  dispatchEvent(new PopStateEvent("popstate"))
})

// A box sends what it holds when it is left: who signs out in the same moment waits until that has arrived.
const SENT = 900 // milliseconds that it may take
const LATELY = 3000 // milliseconds after the last key or choice
let typed = -LATELY
for (const sign of ["input", "change"]) document.addEventListener(sign, () => (typed = performance.now()), true)
document.addEventListener("click", (press) => {
  const link = press.composedPath().find((e) => e instanceof HTMLAnchorElement && e.pathname === "/sign-out")
  if (!link || press.ctrlKey || press.metaKey || press.shiftKey || performance.now() - typed > LATELY) return
  press.preventDefault()
  document.activeElement?.blur?.()
  window.answerCards?.flush?.()
  setTimeout(() => location.assign(link.href), SENT)
}, true)

setInterval(() => {
  if (title && document.title !== title) document.title = title
  const left = idle ? idle - (Date.now() - touched) / 1000 : Infinity
  if (left > WARN || left < 0) {
    warning?.remove()
    warning = null
  } else if (!warning) {
    warning = Object.assign(document.createElement("div"), {
      role: "alert",
      textContent: "You will be signed out in a minute. Touch a key to stay. What you have begun to write is kept.",
    })
    warning.style.cssText =
      "position:fixed;inset:auto 1rem 1rem auto;max-width:24rem;padding:.8rem 1rem;background:#0b1117;color:#fff;" +
      "border-radius:.4rem;z-index:999999;font-weight:600"
    document.body.append(warning)
  }
}, 1000)

export default function ({ data }) {
  title = data.title
  idle = data.idle
  document.title = title
}
