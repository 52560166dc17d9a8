// What Streamlit leaves to the page: the language of the document, where the focus goes after a page turn or a refusal,
// and the grouping of check boxes under their question.
let at = null
let idle = 0 // seconds without a touch after which the answers leave the screen; 0: never
let touched = Date.now()
let tell = () => {}
for (const sign of ["pointerdown", "pointermove", "keydown", "scroll", "touchstart"])
  document.addEventListener(sign, () => (touched = Date.now()), { capture: true, passive: true })
setInterval(() => {
  if (idle && Date.now() - touched > idle * 1000) {
    touched = Date.now()
    tell()
  }
}, 1000)

export default function ({ data, setTriggerValue }) {
  if (data.fresh) fetch("/fresh", { method: "POST" }).then(() => location.assign("/"))
  document.documentElement.lang = data.lang
  idle = data.idle
  tell = () => setTriggerValue("idle", true)
  group()
  requestAnimationFrame(group)
  if (at === data.at) return
  const first = at === null
  at = data.at
  if (first) return // a fresh load: leave the focus where the browser puts it
  let tries = 0
  const go = () => {
    const target = [...document.querySelectorAll(data.sel)].find((e) => e.innerText.includes(data.text))
    if (target) {
      target.setAttribute("tabindex", "-1")
      target.focus({ preventScroll: false })
      target.scrollIntoView({ block: "start" })
    } else if (tries++ < 60) setTimeout(go, 25)
  }
  go()
}

function group() {
  for (const box of document.querySelectorAll('[class*="st-key-group-"]')) {
    const title = box.querySelector(".question")
    if (!title || box.getAttribute("role") === "group") continue
    const name = [...box.classList].find((c) => c.startsWith("st-key-group-"))
    title.id = "title-" + name
    box.setAttribute("role", "group")
    box.setAttribute("aria-labelledby", title.id)
  }
}
