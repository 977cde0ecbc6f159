"use strict";
/* What works without a script needs none: links, search, pages. This keeps the page as fresh as what it shows, puts times
   into the reader's zone, and lets commands be copied. */

const FORMAT = new Intl.DateTimeFormat("sv", { dateStyle: "short", timeStyle: "medium" }); // 2026-01-31 12:00:00
const UNITS = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]];
const ZONE = new Intl.DateTimeFormat("en", { timeZoneName: "short" })
  .formatToParts().find((part) => part.type === "timeZoneName").value;

function lasted(seconds, most) {
  const words = [];
  let left = Math.max(0, Math.floor(seconds));
  for (const [size, unit] of UNITS) {
    if (left >= size || (size === 1 && !words.length)) {
      words.push(`${Math.floor(left / size)} ${unit}`);
      left %= size;
    } else if (words.length) break;
    if (words.length === most) break;
  }
  return words.join(" ");
}

function put(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function showTimes() {
  for (const time of document.querySelectorAll("time[data-show]")) {
    const moment = new Date(time.dateTime);
    const since = (Date.now() - moment) / 1000;
    if (time.title !== FORMAT.format(moment)) time.title = FORMAT.format(moment);
    if (time.dataset.show === "when") put(time, time.title);
    else put(time, lasted(since, time.dataset.show === "age" ? 1 : 2));
  }
  const zone = document.getElementById("zone");
  if (zone) put(zone, ZONE);
}

function addCopyButtons() {
  for (const place of document.querySelectorAll("dl.commands dd")) {
    if (place.querySelector(".copy")) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.setAttribute("aria-label", `Copy: ${place.closest("div").querySelector("dt").textContent}`);
    button.addEventListener("click", async () => {
      const line = place.querySelector("code");
      try {
        await navigator.clipboard.writeText(line.textContent);
        tell("Copied");
        button.textContent = "Copied";
      } catch {
        getSelection().selectAllChildren(line);
        button.textContent = "Selected";
      }
      setTimeout(() => { button.textContent = "Copy"; }, 1500);
    });
    place.append(button);
  }
}

function tell(text) {
  put(document.getElementById("told"), text);
}

/* Make one tree like another by changing only what differs: focus, selection, scrolling and what was opened stay. */
function key(node) {
  return node.nodeType === Node.ELEMENT_NODE ? node.id || node.dataset.key || "" : "";
}

function alike(one, other) {
  return one && one.nodeType === other.nodeType && one.nodeName === other.nodeName && key(one) === key(other);
}

function morph(old, fresh) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
    return;
  }
  for (const { name } of [...old.attributes])
    if (!fresh.hasAttribute(name) && !(name === "open" && old.nodeName === "DETAILS")) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes)
    if (old.getAttribute(name) !== value && !(name === "open" && old.nodeName === "DETAILS")) old.setAttribute(name, value);
  if (["INPUT", "SELECT"].includes(old.nodeName)) return; // what was typed stays
  if (old.nodeName === "TIME" && old.dataset.show === fresh.dataset.show) return; // its text is the script's
  const follow = old.dataset.follow !== undefined && old.scrollTop + old.clientHeight >= old.scrollHeight - 4;
  let next = old.firstChild;
  for (const child of [...fresh.childNodes]) {
    if (!alike(next, child)) {
      let found = null;
      if (key(child)) for (found = next; found && !alike(found, child); ) found = found.nextSibling;
      if (found) old.insertBefore(found, next);
      else {
        old.insertBefore(child, next);
        if (child.nodeType === Node.ELEMENT_NODE) showEnds(child);
        continue;
      }
      next = found;
    }
    morph(next, child);
    next = next.nextSibling;
  }
  while (next) {
    const after = next.nextSibling;
    if (!(next.nodeType === Node.ELEMENT_NODE && next.classList.contains("copy"))) next.remove();
    next = after;
  }
  if (follow) old.scrollTop = old.scrollHeight;
}

// What grows is shown from its end, and stays there until somebody scrolls back.
function showEnds(root) {
  for (const grown of [root, ...root.querySelectorAll("[data-follow]")]) {
    if (grown.dataset?.follow !== undefined) grown.scrollTop = grown.scrollHeight;
  }
}

const here = location.pathname + location.search;
let stream = null;
let reading = false;
let again = false;

async function refresh() {
  if (reading) { again = true; return; }
  reading = true;
  try {
    const answer = await fetch(here, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const main = page.getElementById("main");
    if (main && stream) {
      const before = document.querySelector(".heading > .state")?.textContent;
      morph(document.getElementById("main"), main);
      document.title = page.title;
      addCopyButtons();
      showTimes();
      const now = document.querySelector(".heading > .state")?.textContent;
      if (now && now !== before) tell(`${document.querySelector("h1").textContent}: ${now}`);
    }
  } catch {
    lost();
  } finally {
    reading = false;
    if (again) { again = false; refresh(); }
  }
}

function lost() {
  put(document.getElementById("live-state"), "The console does not answer: was it ended?");
}

function follow() {
  const paused = sessionStorage.getItem("paused") === "yes";
  const button = document.getElementById("pause");
  button.setAttribute("aria-pressed", String(paused));
  if (stream) stream.close();
  stream = null;
  put(document.getElementById("live-state"), paused ? "Does not follow what happens." : "Follows what happens.");
  if (paused || document.hidden) return; // who does not look costs nothing
  stream = new EventSource(`/events?page=${encodeURIComponent(here)}`);
  stream.onopen = () => put(document.getElementById("live-state"), "Follows what happens.");
  stream.onmessage = refresh;
  stream.onerror = () => {
    lost();
    if (stream && stream.readyState === EventSource.CLOSED) setTimeout(() => refresh().then(follow), 2000);
  };
}

document.querySelector("header [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
showTimes();
showEnds(document.body);
setInterval(showTimes, 1000);
addCopyButtons();
if (document.getElementById("pause")) {
  document.getElementById("live").hidden = false;
  document.getElementById("pause").addEventListener("click", () => {
    sessionStorage.setItem("paused", sessionStorage.getItem("paused") === "yes" ? "no" : "yes");
    follow();
  });
  document.addEventListener("visibilitychange", follow);
  addEventListener("pageshow", (event) => { if (event.persisted) follow(); });
  follow();
}
