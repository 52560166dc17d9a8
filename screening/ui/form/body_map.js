/*
The map in the browser. Python's `chosen` is the truth. A press that Python has not yet seen is a wish: it is painted
over the truth at once, sent with every later press, and forgotten when Python says it has heard that turn.
*/
const SVG = "http://www.w3.org/2000/svg"
const TICK = "M-7 .5L-2 5.5L7.5-5.5"
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }
const maps = new WeakMap() // by parent element: Streamlit calls the default export again on every rerun

export default function ({ parentElement, data, setStateValue }) {
  let map = maps.get(parentElement)
  if (!map || !map.root.isConnected) maps.set(parentElement, (map = new BodyMap(parentElement)))
  map.show(data, (picked) => setStateValue("picked", picked))
}

function make(name, attributes = {}, text = "") {
  const made = name === "path" || name === "g" || name === "svg" || name === "text"
    ? document.createElementNS(SVG, name) : document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  if (text) made.textContent = text
  return made
}

class BodyMap {
  constructor(parent) {
    this.root = parent.querySelector(".map")
    this.truth = new Set()
    this.wishes = new Map() // code -> {on, turn}
    this.turn = 0
    const drawing = this.root.querySelector("svg")
    const figures = make("div", { class: "figures" })
    this.views = [...drawing.querySelectorAll("[data-view]")].map((g) => new View(g, this, figures))
    const tabs = (this.tabs = make("div", { class: "tabs", role: "tablist" }))
    tabs.append(...this.views.map((view) => view.tab))
    this.note = make("p", { class: "note" })
    this.said = make("output", { "aria-live": "polite" })
    this.root.replaceChildren(this.note, tabs, figures, this.said)
    this.front(this.views[0])
  }

  show(data, send) {
    this.data = data
    this.send = send
    this.truth = new Set(data.chosen)
    for (const [code, wish] of this.wishes) if (wish.turn <= data.heard) this.wishes.delete(code)
    for (const named of [this.root, this.tabs]) named.setAttribute("aria-label", data.label)
    this.note.textContent = data.words.left_right ?? ""
    const names = new Map(data.regions)
    for (const view of this.views) view.name(names, data)
    this.paint()
  }

  /** Where there is no room for both figures side by side, this one is seen. */
  front(shown) {
    for (const view of this.views) {
      view.figure.classList.toggle("away", view !== shown)
      view.tab.setAttribute("aria-selected", String(view === shown))
      view.tab.tabIndex = view === shown ? 0 : -1
    }
  }

  has(code) {
    return this.wishes.has(code) ? this.wishes.get(code).on : this.truth.has(code)
  }

  toggle(code) {
    this.turn = Math.max(this.turn, this.data.heard) + 1
    this.wishes.set(code, { on: !this.has(code), turn: this.turn })
    this.paint()
    const wished = (on) => [...this.wishes].filter(([, wish]) => wish.on === on).map(([name]) => name)
    const { session, chosen: base } = this.data
    this.send({ session, turn: this.turn, base, on: wished(true), off: wished(false) })
  }

  paint() {
    for (const view of this.views) view.paint()
    const list = this.data.regions.filter(([code]) => this.has(code)).map(([, name]) => name).join("; ")
    const words = list ? this.data.words.chosen.replace("{list}", () => list) : this.data.words.none_chosen
    if (this.said.textContent !== words) this.said.textContent = words // an unchanged text must not be read again
  }
}

class View {
  constructor(group, map, figures) {
    this.map = map
    this.side = group.dataset.view
    this.regions = [...group.querySelectorAll("[data-code]")]
    this.at = new Map(this.regions.map((r) => [r, r.dataset.at.split(" ").map(Number)]))
    this.marks = make("g", { class: "marks", "aria-hidden": "true" })
    this.svg = make("svg", { viewBox: "0 0 340 730", role: "group" })
    this.sides = [[40, "right", "left"], [300, "left", "right"]].map(([x, front, back]) => {
      const text = make("text", { class: "side", x, y: 60, "aria-hidden": "true" })
      text.dataset.word = this.side === "front" ? front : back
      return text
    })
    group.removeAttribute("transform")
    for (const lines of group.querySelectorAll("[data-lines]")) lines.setAttribute("aria-hidden", "true")
    this.svg.append(group, this.marks, ...this.sides)
    this.caption = make("div", { class: "caption", "aria-hidden": "true" }) // the svg carries the same words as its name
    const figure = (this.figure = make("div", { class: "figure" }))
    figure.append(this.caption, this.svg)
    this.tab = make("button", { type: "button", role: "tab" })
    this.tab.addEventListener("click", () => map.front(this))
    this.tab.addEventListener("keydown", (event) => {
      if (!ARROWS[event.key]?.[0]) return
      const next = map.views.find((view) => view !== this)
      map.front(next)
      next.tab.focus()
    })
    figures.append(figure)
    // On the div: Chromium makes an svg that listens for focus a tab stop of its own.
    figure.addEventListener("click", (event) => this.press(event.target))
    figure.addEventListener("keydown", (event) => this.key(event))
    figure.addEventListener("focusin", (event) => {
      if (this.live.includes(event.target)) this.stop = event.target
      this.paint()
    })
    figure.addEventListener("focusout", () => this.paint())
  }

  /** Names and roles. A shape that the caller does not name is outline only. */
  name(names, { words }) {
    this.caption.textContent = this.tab.textContent = words[this.side]
    this.svg.setAttribute("aria-label", words[this.side])
    for (const text of this.sides) text.textContent = words[text.dataset.word] ?? ""
    for (const region of this.regions) {
      const name = names.get(region.dataset.code)
      if (name === undefined) {
        for (const attribute of ["role", "aria-label", "aria-checked", "tabindex"]) region.removeAttribute(attribute)
      } else {
        region.setAttribute("role", "checkbox")
        region.setAttribute("aria-label", name)
      }
    }
    this.live = this.regions.filter((region) => names.has(region.dataset.code))
    if (!this.live.includes(this.stop))
      this.stop = this.live.find((region) => this.map.has(region.dataset.code)) ?? this.live[0]
  }

  press(region) {
    if (!this.live.includes(region)) return
    this.stop = region
    this.map.toggle(region.dataset.code)
  }

  key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return
    const arrow = ARROWS[event.key]
    let to = null
    if (event.key === " " || event.key === "Enter") { if (!event.repeat) this.press(event.target) }
    else if (event.key === "Home") to = this.live[0]
    else if (event.key === "End") to = this.live.at(-1)
    else if (arrow) to = this.nearest(event.target, arrow)
    else return
    event.preventDefault() // or the page scrolls
    to?.focus()
  }

  /** The closest region that way; being out of line counts double. */
  nearest(from, [dx, dy]) {
    const [x, y] = this.at.get(from)
    let best = null, least = Infinity
    for (const region of this.live) {
      const [px, py] = this.at.get(region)
      const along = (px - x) * dx + (py - y) * dy, across = Math.abs((px - x) * dy) + Math.abs((py - y) * dx)
      if (along < 4 || across > 2.5 * along) continue
      if (along + 2 * across < least) { best = region; least = along + 2 * across }
    }
    return best
  }

  paint() {
    const marks = []
    for (const region of this.live) {
      const on = this.map.has(region.dataset.code)
      region.setAttribute("aria-checked", String(on))
      region.setAttribute("tabindex", region === this.stop ? "0" : "-1")
      if (!on) continue
      marks.push(make("path", { class: "edge", d: region.getAttribute("d") }))
      marks.push(make("path", { class: "tick", d: TICK, transform: `translate(${region.dataset.at})` }))
    }
    const focused = this.live.find((region) => region.matches(":focus-visible"))
    if (focused) for (const ring of ["halo", "ring", "ring-inner"])
      marks.push(make("path", { class: ring, d: focused.getAttribute("d") }))
    this.marks.replaceChildren(...marks)
  }
}
