// What Streamlit leaves to the page: the language of the document, where the focus goes after a page turn or a refusal,
// our own words for a lost line and for waiting, and noticing that nobody is there.
const WAIT = 400 // milliseconds of work after which the page says so
const LOST = 1500 // milliseconds without a line after which the page says so
const SENT = 900 // milliseconds that a box which is left may take to arrive
const frame = (window.pageFrame ??= { at: null, idle: 0, words: {}, lang: "en", listen: null, touched: Date.now(), tell: () => {} })

if (!frame.begun) {
  frame.begun = true
  for (const sign of ["pointerdown", "pointermove", "keydown", "scroll", "touchstart"])
    document.addEventListener(sign, () => (frame.touched = Date.now()), { capture: true, passive: true })
  setInterval(() => {
    if (!frame.idle || Date.now() - frame.touched <= frame.idle * 1000) return
    frame.touched = Date.now()
    leaveBox()
    setTimeout(() => frame.tell(), SENT)
  }, 1000)
  // A box of Streamlit's sends what it holds when it is left: so it is left when the page is.
  document.addEventListener("visibilitychange", () => document.hidden && leaveBox())
  addEventListener("pagehide", leaveBox)
  addEventListener("pagehide", () => speech?.cancel())
  speech?.addEventListener?.("voiceschanged", offerVoice)
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(".summary a[href^='#']")
    if (!link) return
    event.preventDefault()
    const id = link.getAttribute("href").slice(1)
    const place = document.getElementById(id) ?? document.querySelector(`.st-key-${CSS.escape(id)}`)
    place?.scrollIntoView({ block: "center" })
    place?.querySelector("input, textarea, button")?.focus({ preventScroll: true })
  })
  // A press that brings nothing, as on a line that stalls, is said to wait; the first change of the page ends it.
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-testid=stButton] button")) return
    frame.pressed = true
    look()
  })
  new MutationObserver((changes) => {
    if (changes.some((one) => document.getElementById("root")?.contains(one.target))) frame.pressed = false
    look()
  }).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-test-connection-state", "data-test-script-state"] })
}

export default function ({ data, setTriggerValue }) {
  if (data.fresh) fetch("/fresh", { method: "POST" }).then(() => location.assign("/"))
  document.documentElement.lang = data.lang
  Object.assign(frame, { idle: data.idle, words: data.words ?? {}, lang: data.lang, listen: data.listen, tell: () => setTriggerValue("idle", true) })
  look()
  group()
  requestAnimationFrame(group)
  if (frame.at === data.at) return
  speech?.cancel()
  const first = frame.at === null
  frame.at = data.at
  if (first) return // a fresh load: leave the focus where the browser puts it
  let tries = 0
  const go = () => {
    const target = [...document.querySelectorAll(data.sel)].find((e) => e.innerText.includes(data.text))
    if (target) {
      target.setAttribute("tabindex", "-1")
      if (target.tagName === "H1" || target.classList.contains("summary"))
        document.querySelector("[data-testid=stMain]")?.scrollTo({ top: 0, behavior: "instant" })
      else target.scrollIntoView({ block: "center", behavior: "instant" })
      target.focus({ preventScroll: true })
    } else if (tries++ < 60) setTimeout(go, 25)
    else document.querySelector("h1")?.focus()
  }
  go()
}

function leaveBox() {
  if (document.activeElement?.matches?.("input, textarea")) document.activeElement.blur()
}

// Streamlit's own words for these moments are English only, and for developers.
function look() {
  offerVoice()
  const app = document.querySelector("[data-testid=stApp]")
  if (!app || !frame.words.lost) return
  const line = app.dataset.testConnectionState
  notice("lost", line !== "CONNECTED", LOST)
  notice("moment", line === "CONNECTED" && (frame.pressed || app.dataset.testScriptState === "running"), WAIT)
  rename("[data-testid=stSkipToContent]", frame.words.skip)
  rename("[data-testid=stSelectboxVirtualDropdown] li[aria-disabled=true], [data-testid=stSelectboxVirtualDropdownEmpty]", frame.words.none)
}

function notice(name, wanted, after) {
  clearTimeout(wanted ? 0 : frame[name])
  if (!wanted) {
    frame[name] = 0
    document.getElementById(`page-${name}`)?.remove()
  } else if (!frame[name])
    frame[name] = setTimeout(() => {
      const bar = document.createElement("div")
      bar.id = `page-${name}`
      bar.setAttribute("role", "status")
      bar.textContent = frame.words[name]
      document.body.append(bar)
    }, after)
}

function rename(selector, words) {
  for (const one of document.querySelectorAll(selector)) if (words && one.textContent !== words) one.textContent = words
}

function group() {
  for (const place of document.querySelectorAll('[class*="st-key-language-"]')) place.lang = place.className.match(/st-key-language-([\w-]+)/)[1]
  for (const box of document.querySelectorAll('[class*="st-key-group-"]')) {
    const title = box.querySelector(".question")
    if (!title || box.getAttribute("role") === "group") continue
    const name = [...box.classList].find((c) => c.startsWith("st-key-group-"))
    title.id = "title-" + name
    box.setAttribute("role", "group")
    box.setAttribute("aria-labelledby", title.id)
  }
}
