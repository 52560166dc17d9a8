// What Streamlit leaves to the page: the language of the document, where the focus goes after a page turn or a refusal,
// and the grouping of check boxes under their question.
let at = null

export default function ({ data }) {
  document.documentElement.lang = data.lang
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
