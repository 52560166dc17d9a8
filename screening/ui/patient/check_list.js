// What was answered, topic by topic, folded; a button beside each answer leads back to its question.
export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".check")
  if (!root) return
  const open = new Set([...root.querySelectorAll("details[open]")].map((one) => one.dataset.topic))
  const fresh = !root.children.length
  root.replaceChildren(...data.topics.map((topic) => {
    const rows = topic.rows.flatMap(([id, question, answer, look]) => {
      const change = make("button", { type: "button", class: "change", "aria-label": `${data.change}: ${question}` }, data.change)
      change.addEventListener("click", () => setTriggerValue("change", { question: id }))
      return [make("div", { class: `row ${look}`, id: `a-${id}` }, make("dt", {}, question), make("dd", {}, answer), change)]
    })
    const box = make("details", { "data-topic": topic.id }, make("summary", {}, make("span", {}, topic.title), make("small", {}, topic.count)), make("dl", {}, ...rows))
    box.open = open.has(topic.id) || (fresh && topic.open)
    return box
  }))
}

function make(name, attributes, ...children) {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  made.append(...children)
  return made
}
