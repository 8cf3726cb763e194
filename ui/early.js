// Evidence at once: what a plain search finds is shown while gradio's event is still on its way, in the block that gradio then
// writes in its place. Nothing depends on it: where it fails, the same block comes with gradio's first step.
window.earlyEvidence = (() => {
  "use strict";
  const conversation = () => document.querySelector("#conversation .conversation");
  const count = () => document.querySelectorAll("#conversation .exchange").length;
  const shown = () => document.querySelector("#conversation .exchange[data-early]");
  const PATIENCE = 10_000; // milliseconds until a stop is believed although gradio never began
  let isToStop = false;

  async function show(question, language) {
    const number = count() + 1;
    const body = JSON.stringify({ question, number, language });
    const headers = { "Content-Type": "application/json" };
    const response = await fetch("page/evidence", { method: "POST", headers, body }).catch(() => null);
    const holder = document.createElement("template");
    holder.innerHTML = response?.ok ? await response.text() : ""; // escaped by the server; the policy lets no script in it run
    const block = holder.content.firstElementChild;
    if (!block || !conversation() || count() >= number) return; // gradio was quicker
    block.dataset.early = "yes";
    conversation().querySelector(".welcome")?.setAttribute("hidden", "");
    conversation().insertBefore(block, conversation().querySelector(":scope > .take-away"));
  }

  function withdraw() {
    shown()?.remove();
    conversation()?.querySelector(".welcome")?.removeAttribute("hidden");
  }

  // What gradio has not begun it cannot stop: the press is held back until it has, then given to it.
  document.addEventListener(
    "click",
    (event) => {
      if (!event.target.closest?.("#stop") || !shown()) return;
      event.stopImmediatePropagation();
      isToStop = true;
      setTimeout(() => isToStop && withdraw(), PATIENCE);
    },
    true,
  );

  function follow() {
    if (!isToStop || shown()) return;
    isToStop = false;
    if (document.querySelector("#conversation .exchange.pending")) document.getElementById("stop").click();
  }

  return { show, follow };
})();
