// The resume code: a button that copies it, and on the page that asks for a code the one that a picture led here with.
// It travels in the fragment of the address, which no server and no log sees.
export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".code-card")
  if (!root) return
  if (data.reads) {
    const code = decodeURIComponent(location.hash.slice(1))
    if (!/^[A-Za-z0-9-]{16,24}$/.test(code)) return
    history.replaceState(history.state, "", location.pathname)
    setTriggerValue("code", code)
    return
  }
  const link = `${location.origin}/${data.page}#${data.code}`
  const copy = button(data.copy, async (one) => {
    await navigator.clipboard.writeText(data.code)
    one.textContent = data.copied
  })
  const share = navigator.share ? button(data.share, () => navigator.share({ title: document.title, url: link }).catch(() => {})) : ""
  root.replaceChildren(copy, share)
}

function button(words, press) {
  const one = document.createElement("button")
  one.type = "button"
  one.textContent = words
  one.addEventListener("click", () => press(one))
  return one
}
