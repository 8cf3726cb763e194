// What the sources page does by itself: adds files, shows the plan, rebuilds with progress. Talks to this server only.
(() => {
  "use strict";
  const box = document.querySelector(".admin[data-added]");
  if (!box) return;
  const log = document.getElementById("admin-log");
  const bar = document.getElementById("progress");
  const field = document.getElementById("admin-token");
  const files = document.getElementById("new-files");
  if (field) field.value = sessionStorage.getItem("admin-token") || "";

  function say(words, kind) {
    const line = document.createElement("li");
    line.textContent = words;
    if (kind) line.className = kind;
    log.append(line);
    line.scrollIntoView({ block: "nearest" });
  }

  function filled(template, values) {
    return template.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  }

  async function call(method, path, body) {
    const headers = {};
    if (field) {
      sessionStorage.setItem("admin-token", field.value);
      headers.Authorization = "Bearer " + field.value;
    }
    if (body) headers["Content-Type"] = "application/octet-stream";
    let response;
    try {
      response = await fetch(path, { method, headers, body });
    } catch {
      say(box.dataset.lost, "problem");
      return null;
    }
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) say(response.status === 401 ? box.dataset.token : answer.error || response.statusText, "problem");
    return response.ok ? answer : null;
  }

  async function busy(work) {
    const buttons = [...box.querySelectorAll("button")];
    for (const button of buttons) button.disabled = true;
    try {
      await work();
    } finally {
      for (const button of buttons) button.disabled = false;
    }
  }

  async function add() {
    if (!files.files.length) return say(box.dataset.none, "problem");
    bar.hidden = false;
    bar.max = files.files.length;
    bar.value = 0;
    for (const file of files.files) {
      const answer = await call("PUT", "v1/sources/files/" + encodeURIComponent(file.name), file);
      if (answer) say(filled(box.dataset.added, { ...answer, name: file.name }));
      bar.value += 1;
    }
    files.value = "";
  }

  async function plan() {
    const answer = await call("POST", "v1/index/plan");
    if (!answer) return;
    for (const problem of answer.problems) say(problem, "problem");
    say(answer.detail);
  }

  async function rebuild() {
    if (!(await call("POST", "v1/index/rebuild"))) return;
    bar.hidden = false;
    let last = "";
    for (;;) {
      const now = await call("GET", "v1/index/rebuild");
      if (!now) return;
      bar.max = now.of;
      bar.value = now.done;
      if (now.state !== "running") {
        for (const problem of now.problems) say(problem, "problem");
        return now.state === "done" ? say(filled(box.dataset.done, now) + " " + now.detail, "good") : say(now.detail, "problem");
      }
      const step = box.dataset["step" + now.step[0].toUpperCase() + now.step.slice(1)];
      if (step && step !== last) say((last = step));
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
  }

  document.getElementById("add-files").addEventListener("click", () => busy(add));
  document.getElementById("plan").addEventListener("click", () => busy(plan));
  document.getElementById("rebuild").addEventListener("click", () => busy(rebuild));
})();
