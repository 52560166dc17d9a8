// The worklist's table. Every text is set as text, never as markup. A plain press opens a response within the app;
// with Ctrl, Shift or the middle button the link works as links do.
export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".worklist")
  if (!data.rows.length) {
    root.replaceChildren(make("p", data.none))
    return
  }
  const table = make("table")
  const head = make("tr")
  for (const title of data.head) head.append(Object.assign(make("th", title), { scope: "col" }))
  const thead = make("thead")
  thead.append(head)
  const body = make("tbody")
  for (const row of data.rows) {
    const line = make("tr")
    line.className = "tier-" + row.tier
    const who = Object.assign(make("th"), { scope: "row" })
    const link = make("a", row.name)
    link.href = "/response?r=" + encodeURIComponent(row.reference)
    link.onclick = (press) => {
      if (press.ctrlKey || press.metaKey || press.shiftKey || press.button) return
      press.preventDefault()
      setTriggerValue("open", row.reference)
    }
    who.append(link, make("small", row.under))
    line.append(who)
    row.cells.forEach((text, n) => {
      const cell = make("td", text)
      cell.dataset.label = data.head[n + 1]
      line.append(cell)
    })
    body.append(line)
  }
  table.append(thead, body)
  root.replaceChildren(table)
}

function make(name, text = "") {
  const made = document.createElement(name)
  made.textContent = text
  return made
}
