/*
Answer cards: the simple questions of a page as real inputs in large rows. The server's answer is the truth. What was
touched and has not arrived yet waits in one queue for the whole page, is painted over the truth, is sent soon after the
last touch (at once when the page is left), and is forgotten when the server says that it arrived.
*/
export default () => {}

const SOON = 120 // milliseconds after a choice
const PAUSE = 700 // milliseconds after the last key
const AGAIN = 3000 // milliseconds after which a report that has not arrived is sent once more
const APART = 60 // milliseconds between a report and a press of a button
const HALF = 46 // letters of an option that fits into half a row of a phone
const MOST_SENT = 50_000 // characters of one box; more is said to be too long and stays in the box

const cards = (window.answerCards ??= { waiting: [] })
function make(name, attributes = {}, ...children) {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) if (value !== "" && value !== false && value !== null) made.setAttribute(key, value)
  made.append(...children.filter((child) => child !== "" && child !== null))
  return made
}

const same = (a, b) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)

class Group {
  constructor(root) {
    this.root = root
    this.questions = new Map()
  }

  show(data, report) {
    this.report = report
    this.data = data
    if (data.spec) cards.specs.set(data.name, data.spec)
    const spec = cards.specs.get(data.name)
    if (!spec) return this.report({ known: "", turn: 0 })
    for (const [id, waiting] of cards.queue) if (waiting.turn <= data.received && waiting.sent) cards.queue.delete(id)
    const fresh = this.name !== data.name
    if (fresh) {
      this.name = data.name
      this.questions.clear()
      this.root.replaceChildren()
    }
    const asked = spec.items.filter((item) => data.asked.includes(item.id))
    for (const [id, question] of this.questions) {
      if (!data.asked.includes(id)) {
        question.root.remove()
        this.questions.delete(id)
      }
    }
    let stem = "", before = null
    asked.forEach((item, place) => {
      let question = this.questions.get(item.id)
      if (!question) this.questions.set(item.id, (question = new KINDS[item.kind](item, this, spec)))
      if (this.root.children[place] !== question.root) this.root.insertBefore(question.root, this.root.children[place] ?? null)
      question.stem(item.stem && item.stem !== stem)
      question.joins(item.joins && item.joins === before?.item.joins && !item.follows && !before.block)
      stem = item.stem
      before = question
      const waiting = cards.queue.get(item.id)
      question.show(waiting ? waiting.value : data.values[item.id] ?? null)
      question.wrong(data.wrong[item.id] ?? "")
      question.help(data.help[item.id] ? spec.help[data.help[item.id]] : null, !fresh)
    })
    if (!cards.last?.root.isConnected) cards.last = this
    if (cards.queue.size && !cards.timer) cards.later(SOON)
    cards.tell()
  }

  touch(id, value, pause) {
    if (typeof value === "string" && value.length > MOST_SENT) return
    cards.last = this
    const before = cards.queue.get(id)?.before ?? this.data.values[id] ?? null
    cards.queue.set(id, { value, before, turn: Infinity, sent: false })
    cards.later(pause)
  }

  send() {
    cards.turn = Math.max(cards.turn, this.data.received) + 1
    const changes = {}
    for (const [id, waiting] of cards.queue) {
      changes[id] = [waiting.value, waiting.before]
      Object.assign(waiting, { turn: cards.turn, sent: true })
    }
    clearTimeout(cards.again)
    cards.again = setTimeout(cards.flush, AGAIN)
    cards.sentAt = performance.now()
    this.report({ session: this.data.session, turn: cards.turn, known: this.name, changes })
  }
}

class Question {
  constructor(item, group, spec) {
    this.item = item
    this.group = group
    this.spec = spec
    this.problem = make("p", { class: "error", id: `wrong-${item.id}` })
    this.problem.hidden = true
    this.parts = []
    if (item.hint) this.parts.push(make("p", { class: "hint", id: `hint-${item.id}` }, item.hint))
    this.stemLine = item.stem ? make("p", { class: "stem" }, item.stem) : null
    const words = [item.text, item.needed ? ` ${item.needed}` : ""]
    this.build(words)
    this.root.id = `q-${item.id}`
    this.root.dataset.question = item.id
    this.root.classList.add("card", ...(item.follows ? ["follows"] : []))
    if (this.stemLine) this.root.prepend(this.stemLine)
  }

  // One box has a label; several controls are a group with a legend.
  one(words, control) {
    control.id = `in-${this.item.id}`
    this.controls = [control]
    this.root = make("div", {}, make("label", { class: "question", for: control.id }, ...words), ...this.parts, this.problem, control)
    this.describe()
  }

  several(words, controls, ...body) {
    this.controls = controls
    this.root = make("fieldset", {}, make("legend", { class: "question" }, ...words), ...this.parts, this.problem, ...body)
    this.describe()
  }

  describe() {
    const wrong = !this.problem.hidden
    const ids = [this.item.hint ? `hint-${this.item.id}` : "", wrong ? this.problem.id : ""].filter(Boolean).join(" ")
    const described = this.root.tagName === "FIELDSET" ? [this.root] : this.controls
    for (const one of described) ids ? one.setAttribute("aria-describedby", ids) : one.removeAttribute("aria-describedby")
    for (const one of this.controls) {
      if (one.type === "checkbox" || one.type === "radio") continue
      wrong ? one.setAttribute("aria-invalid", "true") : one.removeAttribute("aria-invalid")
    }
    this.root.classList.toggle("refused", wrong)
  }

  stem(shown) {
    if (this.stemLine) this.stemLine.hidden = !shown
  }

  // The items of one instrument stand in one card.
  joins(above) {
    this.root.classList.toggle("joined", Boolean(above))
  }

  wrong(words) {
    if (this.problem.textContent === words) return
    this.problem.textContent = words
    this.problem.hidden = !words
    this.describe()
  }

  help(block, bring) {
    if (this.block && !block) {
      this.block.remove()
      this.block = null
    }
    if (!block || this.block) return
    this.block = make(
      "div", { class: "help-block", role: "alert" },
      make("h2", {}, block.title),
      make("div", { class: "actions" }, ...block.actions.map(([href, text]) => make("a", { href }, text))),
      make("ul", {}, ...block.lines.map((line) => make("li", {}, line))),
    )
    this.root.append(this.block)
    if (bring) requestAnimationFrame(() => this.block?.scrollIntoView({ block: "nearest" }))
  }

  touched(pause = SOON) {
    this.group.touch(this.item.id, this.read(), pause)
  }
}

// Two short options one after the other share a row.
function pair(labels) {
  for (let place = 0; place + 1 < labels.length; place++) {
    const two = labels.slice(place, place + 2)
    if (two.some((label) => label.textContent.length > HALF)) continue
    for (const label of two) label.classList.add("half")
    place++
  }
}

class Options extends Question {
  build(words) {
    const { id, options, row, kind } = this.item
    const many = kind === "multi-choice"
    this.inputs = options.map(([code, , alone]) => {
      const input = make("input", { type: many ? "checkbox" : "radio", name: id, value: code })
      input.code = code
      input.alone = alone
      input.addEventListener("change", () => this.chosen(input))
      return input
    })
    const labels = options.map(([, text], place) => make("label", { class: "option" }, this.inputs[place], make("span", {}, text)))
    if (kind === "scale") return this.several(words, this.inputs, make("div", { class: "options cells scale" }, ...labels))
    if (row) return this.several(words, this.inputs, make("div", { class: "options cells" }, ...labels))
    // "None of these", "not sure" and the like stand below the others, side by side.
    const first = options.findIndex(([, , alone], place) => alone && options.slice(place).every((one) => one[2]))
    const list = labels.slice(0, first < 0 ? labels.length : first)
    pair(list)
    const rest = labels.slice(list.length)
    this.several(words, this.inputs, make("div", { class: "options list" }, ...list), rest.length ? make("div", { class: "options cells" }, ...rest) : "")
  }

  chosen(input) {
    if (this.item.kind === "multi-choice" && input.checked)
      for (const other of this.inputs) if (other !== input && (input.alone || other.alone)) other.checked = false
    this.touched()
  }

  read() {
    const codes = this.inputs.filter((input) => input.checked).map((input) => input.code)
    if (this.item.kind !== "multi-choice") return codes[0] ?? null
    return codes.length ? codes : null
  }

  show(value) {
    const codes = Array.isArray(value) ? value : [value]
    for (const input of this.inputs) input.checked = codes.includes(input.code)
  }
}

class Line extends Question {
  build(words) {
    const { kind, input, fill } = this.item
    const number = kind === "integer" || kind === "decimal"
    this.box = kind === "text"
      ? make("textarea", { rows: "3" })
      : make("input", { type: number ? "text" : input, inputmode: number ? "decimal" : "", autocomplete: fill ?? "off", class: number ? "short" : "" })
    this.box.addEventListener("input", () => this.typed())
    if (kind !== "text") this.box.addEventListener("paste", (event) => this.pasted(event))
    this.one(words, this.box)
    this.long = make("p", { class: "long", role: "status" })
    this.root.append(this.long)
  }

  typed() {
    this.tooLong()
    this.touched(PAUSE)
  }

  tooLong() {
    const over = this.item.most ? [...this.box.value].length - this.item.most : 0
    this.long.textContent = over > 0 ? this.spec.tooLong.replace("{n}", over) : ""
  }

  // A box of one line would let the words of several lines grow together.
  pasted(event) {
    const text = event.clipboardData?.getData("text/plain") ?? ""
    if (!/[\n\r\v\f\u0085\u2028\u2029]/.test(text)) return
    event.preventDefault()
    const joined = text.split(/\s*[\n\r\v\f\u0085\u2028\u2029]+\s*/).filter(Boolean).join(" ")
    this.box.setRangeText(joined, this.box.selectionStart, this.box.selectionEnd, "end")
    this.typed()
  }

  read() {
    return this.box.value.trim() ? this.box.value : null
  }

  show(value) {
    if (same(value, this.read())) return
    this.box.value = value ?? ""
    this.tooLong()
  }
}

class When extends Question {
  build(words) {
    const { id, parts, fill } = this.item
    this.boxes = {}
    const fields = parts.map(([part, name]) => {
      const box = (this.boxes[part] = make("input", {
        type: "text", id: `in-${id}-${part}`, inputmode: part === "month" ? "" : "numeric",
        autocomplete: fill ? `bday-${part}` : "off", class: part,
      }))
      box.addEventListener("input", () => this.touched(PAUSE))
      return make("div", {}, make("label", { for: box.id }, name), box)
    })
    this.several(words, Object.values(this.boxes), make("div", { class: "boxes when" }, ...fields))
  }

  read() {
    const parts = ["year", "month", "day"].map((part) => this.boxes[part].value)
    return parts.some((part) => part.trim()) ? parts : null
  }

  show(value) {
    if (same(value, this.read())) return
    ;["year", "month", "day"].forEach((part, place) => (this.boxes[part].value = value?.[place] ?? ""))
  }
}

const PER_UNIT = { kg: 1, lb: 0.45359237, cm: 1, ft: 2.54 } // ft: by inches

class Amount extends Question {
  build(words) {
    const { id, unit, units, boxes } = this.item
    this.area = make("div", { class: "boxes" })
    this.radios = units.map(([code, text]) => {
      const radio = make("input", { type: "radio", name: `unit-${id}`, value: code })
      radio.addEventListener("change", () => this.turn(code))
      return [radio, make("label", { class: "option" }, radio, make("span", {}, text))]
    })
    this.boxesOf = boxes
    const chooser = make("div", { class: "options cells units", role: "group", "aria-label": unit }, ...this.radios.map(([, row]) => row))
    this.several(words, [], make("div", { class: "amount" }, this.area, chooser))
    this.open(units[0][0])
  }

  open(unit) {
    this.unit = unit
    for (const [radio] of this.radios) radio.checked = radio.value === unit
    this.fields = this.boxesOf[unit].map((name, place) => {
      const box = make("input", { type: "text", inputmode: "decimal", id: `in-${this.item.id}-${place}`, autocomplete: "off", class: "short" })
      box.addEventListener("input", () => {
        this.kept = this.typed()
        this.touched(PAUSE)
      })
      return [box, make("div", {}, make("label", { for: box.id }, name), box)]
    })
    this.controls = this.fields.map(([box]) => box)
    this.area.replaceChildren(...this.fields.map(([, field]) => field))
    this.describe()
  }

  // Another unit shows the same weight or height; the answer stays what was typed until another number is typed.
  turn(unit) {
    const texts = this.typed()?.boxes ?? []
    const numbers = texts.map((text) => (/^\d*([.,]\d+)?$/.test(text.trim()) ? Number(text.trim().replace(",", ".") || 0) : NaN))
    const size = (this.unit === "ft" ? numbers[0] * 12 + numbers[1] : numbers[0]) * PER_UNIT[this.unit]
    const back = this.kept?.unit === unit
    this.open(unit)
    if (back) return this.fill(this.kept.boxes)
    if (!Number.isFinite(size)) return
    const now = Math.round((size / PER_UNIT[unit]) * 10) / 10
    this.fill(unit === "ft" ? [Math.floor(now / 12), Math.round((now % 12) * 10) / 10] : [now])
  }

  fill(texts) {
    this.fields.forEach(([box], place) => (box.value = texts[place] ?? ""))
  }

  typed() {
    const boxes = this.fields.map(([box]) => box.value)
    return boxes.some((text) => text.trim()) ? { unit: this.unit, boxes } : null
  }

  read() {
    return this.kept
  }

  show(value) {
    const told = value?.boxes?.length ? value : null
    if (same(told, this.kept)) return
    this.kept = told
    this.open(told?.unit ?? this.unit)
    this.fill(told?.boxes ?? [])
  }
}

const KINDS = {
  choice: Options, "multi-choice": Options, scale: Options,
  integer: Line, decimal: Line, string: Line, text: Line, date: When, quantity: Amount,
}

// Last, since cards may be waiting that were drawn before this program arrived.
if (!cards.draw) {
  cards.queue = new Map() // question -> {value, before, turn}
  cards.specs = new Map() // name -> the words of a group's questions
  cards.turn = 0
  cards.timer = 0
  cards.sentAt = -APART
  const groups = new WeakMap() // by root element: Streamlit calls again at every change
  cards.draw = ({ parentElement, data, setStateValue }) => {
    const root = parentElement.querySelector(".cards")
    if (!root) return true
    if (!groups.has(root)) groups.set(root, new Group(root))
    groups.get(root).show(data, (touched) => setStateValue("touched", touched))
    return true
  }
  cards.flush = () => {
    clearTimeout(cards.timer)
    cards.timer = 0
    if (cards.queue.size && cards.last?.root.isConnected) cards.last.send()
  }
  cards.tell = () => {
    for (const one of document.querySelectorAll("[data-saved]"))
      one.textContent = cards.queue.size ? one.dataset.saving : one.dataset.saved
  }
  cards.later = (pause) => {
    cards.tell()
    clearTimeout(cards.timer)
    cards.timer = setTimeout(cards.flush, pause)
  }
  const flushSoon = () => cards.timer && cards.flush()
  document.addEventListener("visibilitychange", flushSoon)
  addEventListener("pagehide", flushSoon)
  document.addEventListener("pointerdown", (event) => event.target.closest?.("[data-question]") || flushSoon(), true)
  document.addEventListener("focusout", (event) => event.target.closest?.("[data-question]") && flushSoon(), true)
  // A press that reaches Streamlit in the same moment as a report would be lost with it: it waits a moment.
  addEventListener("click", (event) => {
    if (!event.isTrusted || event.target.closest("[data-question]") || !event.target.closest("button")) return
    flushSoon()
    const wait = cards.sentAt + APART - performance.now()
    if (wait <= 0) return
    event.stopImmediatePropagation()
    event.preventDefault()
    setTimeout(() => event.target.closest("button")?.click(), wait)
  }, true)
  const waited = cards.waiting
  cards.waiting = null
  for (const call of waited) cards.draw(call)
}
