// What the pages do beyond being read: colours in code, the contents, the theme, keys, and search.
"use strict";

const root = document.documentElement.dataset.root ?? "";
const byId = (id) => document.getElementById(id);

// Colours in code
for (const code of document.querySelectorAll("pre code[class*='language-']")) {
  if (/language-(rust|toml|python)/.test(code.className)) window.hljs?.highlightBlock(code);
  // A block that scrolls sideways must be reachable by keyboard.
  code.parentElement.tabIndex = 0;
}
for (const box of document.querySelectorAll(".formula, .table-wrapper")) box.tabIndex = 0;

// The contents: always there on a wide screen, behind a button on a narrow one
const contentsButton = byId("contents-button");
const showContents = (shown) => {
  document.body.classList.toggle("contents-shown", shown);
  contentsButton.setAttribute("aria-expanded", shown);
};
contentsButton?.addEventListener("click", () => {
  showContents(!document.body.classList.contains("contents-shown"));
  byId("contents").querySelector("a").focus();
});
byId("text")?.addEventListener("click", () => showContents(false));
const here = location.pathname.split("/").pop() || "index.html";
for (const [i, link] of document.querySelectorAll("#contents .chapter a").entries()) {
  const target = link.getAttribute("href");
  if (target === here || (here === "index.html" && i === 0)) link.setAttribute("aria-current", "page");
}

// The theme: as the system has it, light, or dark
const themes = ["system", "light", "dark"];
const themeButton = byId("theme-button");
const nameTheme = () => {
  const theme = document.documentElement.dataset.theme ?? "system";
  if (themeButton) themeButton.textContent = { system: "Theme: auto", light: "Theme: light", dark: "Theme: dark" }[theme];
  return theme;
};
nameTheme();
themeButton?.addEventListener("click", () => {
  const next = themes[(themes.indexOf(nameTheme()) + 1) % themes.length];
  if (next === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
  try {
    localStorage.setItem("handwritten-theme", next);
  } catch {
    // The choice lasts as long as the page does.
  }
  nameTheme();
});

// Keys
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const field = byId("search-field");
  if (event.key === "Escape") {
    showContents(false);
    closeSearch();
  } else if (event.target.matches?.("input, pre, .formula, .table-wrapper")) {
    // These need the keys themselves.
  } else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
    const page = document.querySelector(event.key === "ArrowLeft" ? "link[rel=prev]" : "link[rel=next]");
    if (page) location.href = page.href;
  } else if ((event.key === "/" || event.key === "s") && field) {
    event.preventDefault();
    field.focus();
  }
});

// Search: the index is loaded when it is first asked for
const field = byId("search-field");
const results = byId("search-results");
let index;

const load = (name) =>
  new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = root + name;
    script.onload = done;
    script.onerror = failed;
    document.head.append(script);
  });

let prepared;
const prepare = () => (prepared ??= loadIndex());
const loadIndex = async () => {
  window.search = {}; // The file of the index adds to it.
  await load("elasticlunr.min.js");
  await load("searchindex.js");
  index = window.elasticlunr.Index.load(window.search.index);
};

/** The piece of a text around the first of some words. */
const snippet = (text, words) => {
  const at = Math.max(0, text.toLowerCase().search(new RegExp(words.map((w) => w.replace(/\W/g, "\\$&")).join("|"))));
  const from = at > 60 ? text.indexOf(" ", at - 60) + 1 : 0;
  return (from > 0 ? "… " : "") + text.slice(from, from + 150) + (text.length > from + 150 ? " …" : "");
};

const closeSearch = () => {
  if (results) results.hidden = true;
};

const lookUp = async () => {
  await prepare();
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  const found = words.length ? index.search(field.value, window.search.search_options).slice(0, 12) : [];
  const links = found.map(({ ref }) => {
    const { title, breadcrumbs, body } = index.documentStore.getDoc(ref);
    const link = document.createElement("a");
    link.href = root + window.search.doc_urls[ref];
    link.setAttribute("role", "option");
    for (const [kind, text] of [["title", title], ["where", breadcrumbs.split(" » ")[0]], ["snippet", snippet(body, words)]]) {
      const part = document.createElement("span");
      part.className = kind;
      part.textContent = text;
      link.append(part);
    }
    return link;
  });
  if (words.length && !links.length) links.push("Nothing found.");
  results.replaceChildren(...links);
  results.hidden = !words.length;
};

field?.addEventListener("focus", prepare, { once: true });
field?.addEventListener("input", lookUp);
field?.parentElement.addEventListener("keydown", (event) => {
  const stops = [field, ...results.querySelectorAll("a")];
  const at = stops.indexOf(document.activeElement);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && stops[at + step]) {
    event.preventDefault();
    stops[at + step].focus();
  } else if (event.key === "Enter" && at === 0) {
    stops[1]?.click();
  }
});
document.addEventListener("click", (event) => {
  if (!event.target.closest(".search")) closeSearch();
});
