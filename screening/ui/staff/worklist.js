// The worklist's table. Every text is set as text, never as markup. Links turn the page (staff_frame.js); with Ctrl,
// Shift or the middle button they work as links do.
export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".worklist")
  if (!data.rows.length) {
    root.replaceChildren(make("p", data.none))
    return
  }
  const table = make("table")
  const head = make("tr")
  const all = tick("Choose all on this page", data.rows.every((row) => row.picked))
  all.onchange = () => setTriggerValue("pick", { references: data.rows.map((row) => row.reference), on: all.checked })
  head.append(cell("th", "pick", all))
  for (const one of data.head) {
    const title = make("th", one.sort === undefined ? one.title : "")
    title.scope = "col"
    if (one.sort !== undefined) {
      title.append(link(one.title, one.href, "sort"))
      if (one.now) title.setAttribute("aria-sort", "ascending")
    }
    head.append(title)
  }
  const thead = make("thead")
  thead.append(head)
  const body = make("tbody")
  for (const row of data.rows) {
    const line = make("tr")
    line.className = `tier-${row.tier}${row.alarm ? " alarm" : ""}${row.opened ? " opened" : ""}`
    const box = tick("Choose " + row.name, row.picked)
    box.onchange = () => setTriggerValue("pick", { references: [row.reference], on: box.checked })
    line.append(cell("td", "pick", box))
    const who = cell("th", "who", link(row.name, row.href, "name"), make("span", row.under, "under"))
    who.scope = "row"
    const why = cell("td", "why", make("span", row.pill, "pill " + row.tier))
    for (const one of row.why) why.append(make("span", one, "reason"))
    const wait = cell("td", "wait", make("span", row.waiting), make("span", row.due, row.late ? "due late" : "due"))
    wait.title = row.sent
    line.append(who, why, wait, cell("td", "has", make("span", row.assigned)), cell("td", "next", make("span", row.next)))
    body.append(line)
  }
  table.append(thead, body)
  root.replaceChildren(table)
}

function make(name, text = "", kind = "") {
  const made = document.createElement(name)
  made.textContent = text
  if (kind) made.className = kind
  return made
}

function cell(name, kind, ...inside) {
  const made = make(name, "", kind)
  made.append(...inside)
  return made
}

function link(text, href, kind) {
  const made = make("a", text, kind)
  made.href = href
  made.dataset.go = ""
  return made
}

function tick(name, on) {
  const made = Object.assign(document.createElement("input"), { type: "checkbox", checked: on })
  made.setAttribute("aria-label", name)
  return made
}
