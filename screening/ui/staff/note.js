// The note for the record: its text to read, and one button that copies it. Where the browser keeps the clipboard shut
// (no TLS), the text is marked instead, to be copied by hand.
export default function ({ parentElement, data }) {
  const [button, said, text] = ["button", "[role=status]", "pre"].map((one) => parentElement.querySelector(one))
  text.textContent = data.note
  button.onclick = async () => {
    try {
      await navigator.clipboard.writeText(data.note)
      said.textContent = "Copied."
    } catch {
      parentElement.querySelector("details").open = true
      getSelection().selectAllChildren(text)
      said.textContent = "Marked below: copy it with Ctrl+C."
    }
  }
}
