// The source panel, on every page that has one: opens citations in their place, shows quotes, copies. No library, no network but ours.
// Other scripts call window.sourcePanel: open(fragment, focus), mark(fragment), startFrom(marker), back(), announce(words).
window.sourcePanel = (() => {
  "use strict";
  const CITING = "#conversation, #comparison"; // where markers stand
  const NARROW = window.matchMedia("(max-width: 899px)");
  const panel = () => document.getElementById("source-panel");
  const language = () => document.querySelector("#masthead-text [data-language]")?.dataset.language || document.documentElement.lang || "zh-CN";
  const markers = () => [...document.querySelectorAll(CITING)].flatMap((place) => [...place.querySelectorAll("a.marker")]);
  let lastMarker = null; // where "back to the answer" returns to
  let panelRequest = 0;

  function spotOf(fragment) {
    const fields = new URLSearchParams(fragment.replace(/^#/, ""));
    return fields.get("source") ? fields : null;
  }

  async function open(fragment, focus) {
    const place = panel();
    if (!place) return;
    const spot = spotOf(fragment);
    const query = new URLSearchParams({ language: language() });
    if (spot) {
      query.set("edition", spot.get("source"));
      for (const name of ["start", "end", "check"]) query.set(name, spot.get(name) || "");
    }
    const mine = ++panelRequest;
    const response = await fetch("page/source?" + query, { headers: { Accept: "text/html" } });
    const page = response.headers.get("content-type")?.startsWith("text/html") ? await response.text() : "";
    if (mine !== panelRequest || !page) return;
    place.innerHTML = page; // escaped by the server; the policy lets no script in it run
    document.body.classList.toggle("with-source", !!spot);
    mark(fragment);
    showMark(place);
    if (!focus) return;
    document.getElementById("panel-title")?.focus({ preventScroll: true });
    if (NARROW.matches) place.scrollIntoView({ block: "start" });
  }

  function showMark(place) {
    const context = place.querySelector(".context");
    const found = context?.querySelector("mark, .cited");
    if (found) context.scrollTop = Math.max(0, found.offsetTop - context.offsetTop - context.clientHeight / 4);
    place.closest("#reading")?.scrollTo({ top: 0 });
  }

  function mark(fragment) {
    for (const link of markers())
      if (link.getAttribute("href") === fragment) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
  }

  function back() {
    const current = markers().find((link) => link.hasAttribute("aria-current"));
    const target = lastMarker?.isConnected ? lastMarker : current || document.querySelector("#question textarea, #main");
    target?.focus();
    target?.scrollIntoView({ block: "center" });
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="#source="]');
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
      event.preventDefault();
      const fragment = link.getAttribute("href");
      if (link.closest(CITING)) lastMarker = link;
      history.pushState(null, "", location.pathname + location.search + fragment);
      open(fragment, event.detail === 0 || NARROW.matches || !!link.closest("#source-panel"));
      return;
    }
    const button = event.target.closest?.("button[data-copy], button.back");
    if (button?.dataset.copy) copy(button);
    else if (button) back();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target.closest?.("#source-panel")) back();
  });
  window.addEventListener("popstate", () => open(location.hash, false));

  async function copy(button) {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      const box = Object.assign(document.createElement("textarea"), { value: button.dataset.copy });
      document.body.append(box);
      box.select();
      document.execCommand("copy");
      box.remove();
      button.focus();
    }
    const words = button.textContent;
    button.textContent = button.dataset.done;
    announce(button.dataset.done);
    setTimeout(() => (button.textContent = words), 1500);
  }

  function announce(words) {
    const place = document.getElementById("announcer");
    if (place) place.textContent = words;
  }

  // The quote shows above its marker, or below where there is no room; fixed, so that no column cuts it off.
  function placePeek(event) {
    const marker = event.target.closest?.("a.marker");
    const peek = marker?.nextElementSibling;
    if (!peek?.matches(".peek")) return;
    const at = marker.getBoundingClientRect();
    const isHigh = at.top < 240;
    peek.style.left = Math.max(8, Math.min(at.left, window.innerWidth - 356)) + "px";
    peek.style.top = isHigh ? at.bottom + 6 + "px" : "auto";
    peek.style.bottom = isHigh ? "auto" : window.innerHeight - at.top + 6 + "px";
  }
  document.addEventListener("mouseover", placePeek);
  document.addEventListener("focusin", placePeek);

  // In the chat the panel opens when gradio has made its place; elsewhere it is there already.
  if (panel() && location.hash) open(location.hash, false);

  return { open, mark, back, announce, startFrom: (marker) => (lastMarker = marker) };
})();
