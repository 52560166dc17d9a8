// Siteimprove Alfa over pages that a browser wrote down: one JSON of a page a line in, one list of what failed a line out.
import { Audit, Outcome } from "@siteimprove/alfa-act"
import { Device, Viewport } from "@siteimprove/alfa-device"
import { Node } from "@siteimprove/alfa-dom"
import { Request, Response } from "@siteimprove/alfa-http"
import { Rules } from "@siteimprove/alfa-rules"
import { Conformance, Criterion } from "@siteimprove/alfa-wcag"
import { Page } from "@siteimprove/alfa-web"
import { createInterface } from "node:readline"

const wanted = [...Rules.values()].filter((rule) =>
  [...rule.requirements].some((one) => Criterion.isCriterion(one) && (Conformance.isA()(one) || Conformance.isAA()(one))))

for await (const line of createInterface({ input: process.stdin })) {
  const { page: json, width, height } = JSON.parse(line)
  const device = Device.of(Device.Type.Screen, Viewport.of(width, height, Viewport.Orientation.Portrait), Device.standard().display)
  const document = Node.from(json, device)
  const page = Page.of(Request.empty(), Response.empty(), document, device)
  const outcomes = [...(await Audit.of(page, wanted).evaluate())]
  const failed = outcomes.filter((one) => Outcome.isFailed(one))
  const found = failed.map((one) => `${one.rule.uri.split("/").pop()} ${String(one.target).replace(/\s+/g, " ").slice(0, 160)}`)
  const asked = new Set(outcomes.filter((one) => Outcome.isCantTell(one)).map((one) => one.rule.uri.split("/").pop()))
  console.log(JSON.stringify({ failed: found, cannot_tell: [...asked].sort() }))
}
