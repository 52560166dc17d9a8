// Questions read aloud by a voice of the device itself: what a voice of the network would read never leaves.
const speech = window.speechSynthesis
const READ = ".stem:not([hidden]), .question, .hint, .error:not([hidden]), .option > span, .boxes label"
const PLAIN = "[data-testid=stMain] :is(p, li, .help-block h2, .summary h2)"
const APART = "[data-question], .st-key-bar, .foot, .check, button, [data-testid=stExpander], .question"

function ownVoice() {
  const ours = (speech?.getVoices() ?? []).filter((one) => one.localService && one.lang.toLowerCase().split(/[-_]/)[0] === frame.lang)
  return ours.find((one) => /[-_]us$/i.test(one.lang)) ?? ours[0]
}

// The switch in the bar is there where a voice is; a button stands beside each heading and question once it is on.
function offerVoice() {
  const words = ownVoice() && frame.listen
  document.documentElement.classList.toggle("can-speak", Boolean(ownVoice()))
  document.documentElement.classList.toggle("listening", Boolean(words))
  for (const button of document.querySelectorAll("button.listen")) if (!words || !button.previousElementSibling?.matches("h1, .question")) button.remove()
  if (!words) return
  for (const place of document.querySelectorAll("[data-testid=stMain] :is(h1, .question)")) {
    if (place.nextElementSibling?.matches("button.listen")) continue
    const button = document.createElement("button")
    button.type = "button"
    button.className = "listen"
    button.setAttribute("aria-label", `${words.listen}: ${place.textContent.trim()}`)
    button.setAttribute("aria-pressed", "false")
    button.addEventListener("click", () => (button.ariaPressed === "true" ? speech.cancel() : read(place, button)))
    place.after(button)
  }
}

function read(place, button) {
  const near = place.closest("[data-question]")
  const parts = near ? [...near.querySelectorAll(READ)] : [place]
  if (place.matches("h1")) parts.push(...[...document.querySelectorAll(PLAIN)].filter((one) => !one.closest(APART)))
  speech.cancel()
  const said = new SpeechSynthesisUtterance(parts.map((one) => one.textContent.trim()).filter(Boolean).join(". "))
  Object.assign(said, { voice: ownVoice(), lang: ownVoice().lang, rate: 0.95 })
  said.onend = said.onerror = () => button.setAttribute("aria-pressed", "false")
  button.setAttribute("aria-pressed", "true")
  speech.speak(said)
}
