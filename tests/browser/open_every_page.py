"""Opens every page of the bound book in Chromium, from disk, and names what a reader must not meet.

Each page is opened on a wide light screen and on a narrow dark one (pages below code/ only on the
first). It must

  * write no warning or error to the console, and have no request that fails or leaves the folder;
  * have a title, a language and one <h1> (print.html may have many);
  * show each image, with alt text and no wider than the page, each formula, and each font it uses;
  * not scroll sideways, and show no markup that was to be translated, such as $$ or {{;
  * have only links that lead somewhere, as far as they stay in the book.

Then index.html is used by keyboard alone: the skip link, a visible focus on the way through the
sidebar and the text, the arrow keys to turn the page, and the search.

It drives chromedriver by the W3C WebDriver protocol and needs nothing but Python's own library.
"""

import argparse
import base64
import contextlib
import json
import pathlib
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import NamedTuple

FIRST_PAGE = "index.html"
SEARCHED = "perceptron"
MOST_TABS = 60
TALLEST_PICTURE = 16000
TAB, ENTER, LEFT, RIGHT, DOWN = "\ue004", "\ue007", "\ue012", "\ue014", "\ue015"


class Way(NamedTuple):
    name: str
    width: int
    height: int
    is_phone: bool
    scheme: str


WAYS = [
    Way("desktop, light", 1280, 900, False, "light"),
    Way("phone, dark", 390, 844, True, "dark"),
]

# Finds what is wrong with the page that is open. The width is passed in, and not taken from
# window.innerWidth, because a phone zooms out of a page that is too wide: innerWidth then grows too.
INSPECT = r"""
const [width, mayHaveManyH1] = arguments, root = document.documentElement, problems = [];
const all = (selector) => [...document.querySelectorAll(selector)];
const isShown = (e) => e.checkVisibility({visibilityProperty: true});
const nameOf = (e) => `<${e.localName}${['id', 'class', 'src'].filter((a) => e.getAttribute(a))
  .map((a) => ` ${a}="${e.getAttribute(a).slice(0, 60)}"`).join('')}>`;

function isCutOff(e) {
  for (; e !== document.body; e = e.parentElement) {
    if (getComputedStyle(e).position === 'fixed') return true;
    const parent = e.parentElement;
    if (parent !== document.body && getComputedStyle(parent).overflowX !== 'visible') return true;
  }
  return false;
}

function widest() {
  let found, reach = width + 0.5;
  for (const e of all('body *')) {
    const right = e.getBoundingClientRect().right + scrollX;
    if (right > reach && !isCutOff(e)) [found, reach] = [e, right];
  }
  // A long word makes no element wide, but spills out of one
  const spills = (e) => e.clientWidth && e.scrollWidth > e.clientWidth && !isCutOff(e);
  return nameOf(found ?? all('body *').filter(spills).pop() ?? document.body);
}

function inspect() {
  if (!document.title.trim()) problems.push('no <title>');
  if (!root.lang) problems.push('no lang attribute');
  const headings = all('h1').length;
  if (headings !== 1 && !(headings && mayHaveManyH1)) problems.push(`${headings} <h1> instead of 1`);
  if (root.scrollWidth > width)
    problems.push(`scrolls sideways: ${root.scrollWidth} px of ${width}, by ${widest()}`);
  for (const font of document.fonts)
    if (font.status === 'error') problems.push(`font not loaded: ${font.family}`);
  for (const image of document.images) {
    if (!image.alt.trim()) problems.push(`no alt text: ${nameOf(image)}`);
    if (!image.naturalWidth) problems.push(`image not loaded: ${nameOf(image)}`);
    const across = Math.round(image.getBoundingClientRect().width);
    if (across > width) problems.push(`image wider than the page: ${across} px, ${nameOf(image)}`);
  }
  for (const math of all('math')) {
    const box = math.getBoundingClientRect();
    if (isShown(math.parentElement) && !(box.width && box.height))
      problems.push(`formula without size: ${math.textContent.trim().slice(0, 60)}`);
  }
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode.data, parent = texts.currentNode.parentElement;
    const leftover = ['{{', '$$', '\\frac', ':::'].find((markup) => text.includes(markup));
    if (leftover && !parent.closest('code, pre') && isShown(parent)) {
      const start = Math.max(0, text.indexOf(leftover) - 20);
      const excerpt = text.slice(start, start + 60).replace(/\s+/g, ' ');
      problems.push(`leftover markup ${leftover} in "${excerpt}"`);
    }
  }
}

function addressOf(link) {
  const written = link.getAttribute('href');
  return URL.canParse(written, document.baseURI) ? new URL(written, document.baseURI).href : written;
}

return (async () => {
  for (const image of document.images) image.loading = 'eager';
  await Promise.all([...document.images].map((image) => image.decode().catch(() => {})));
  await document.fonts.ready;
  inspect();
  const ids = all('[id]').map((e) => e.id).concat(all('a[name]').map((e) => e.name));
  return {problems, ids, links: all('a[href], area[href]').map(addressOf), height: root.scrollHeight};
})();
"""

# Says what has the focus, and whether a reader can see that it has.
FOCUS = r"""
const e = document.activeElement, style = getComputedStyle(e), box = e.getBoundingClientRect();
const isAside = e.matches('a[href^="#"]:not(nav a, main a)');
const target = isAside && document.getElementById(e.hash.slice(1));
return {
  name: `<${e.localName}> "${(e.innerText || e.ariaLabel || e.id).trim().slice(0, 40)}"`,
  isNothing: e === document.body,
  isMarked: style.outlineStyle !== 'none' || style.boxShadow !== 'none',
  isOnPage: box.width > 1 && box.height > 1 && box.right > 0 && box.left < innerWidth,
  isSkipLink: Boolean(target) && box.bottom > 0 && box.top < innerHeight,
  isLinkInNav: e.matches('nav a'),
  isLinkInMain: e.matches('main a'),
};
"""

PAINTED = "return new Promise((go) => requestAnimationFrame(() => setTimeout(go, 50)));"

MAIN_TEXT = "return (document.querySelector('main') ?? document.body).textContent.trim();"

RESULT_IS_SHOWN = r"""
return [...document.querySelectorAll('[role=listbox] a, [id*=search] a')].some((link) =>
  link.checkVisibility({visibilityProperty: true}) &&
  (link.closest('li, [role=option]') ?? link).textContent.toLowerCase().includes(arguments[0]));
"""


class Browser:
    """A session of chromedriver."""

    # No proxy: chromedriver is on this machine
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def __init__(self, port, chromium):
        self.address = f"http://127.0.0.1:{port}/session"
        switches = "headless=new no-sandbox disable-gpu disable-background-networking hide-scrollbars"
        arguments = [f"--{switch}" for switch in switches.split()]
        arguments.append("--host-resolver-rules=MAP * ~NOTFOUND")
        wanted = {
            "goog:chromeOptions": {"binary": chromium, "args": arguments},
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
            "timeouts": {"pageLoad": 30000, "script": 30000},
        }
        session = self.ask("", capabilities={"alwaysMatch": wanted})
        self.address += "/" + session["sessionId"]

    def ask(self, command, method="POST", **body):
        data = json.dumps(body).encode() if method == "POST" else None
        request = urllib.request.Request(self.address + command, data, method=method)
        request.add_header("Content-Type", "application/json")
        try:
            with self.opener.open(request, timeout=90) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            message = json.load(error)["value"]["message"]
            raise RuntimeError(message.splitlines()[0]) from None

    def open(self, path):
        self.ask("/url", url=path.as_uri())

    def url(self):
        return self.ask("/url", "GET")

    def run(self, script, *arguments):
        return self.ask("/execute/sync", script=script, args=arguments)

    def devtools(self, command, **parameters):
        return self.ask("/goog/cdp/execute", cmd=command, params=parameters)

    def press(self, *keys):
        # Chromium drops the keys that come before the page was first painted
        self.run(PAINTED)
        strokes = [{"type": t, "value": k} for k in keys for t in ("keyDown", "keyUp")]
        self.ask("/actions", actions=[{"type": "key", "id": "keyboard", "actions": strokes}])

    def look(self, way):
        screen = {"width": way.width, "height": way.height, "mobile": way.is_phone}
        self.devtools("Emulation.setDeviceMetricsOverride", deviceScaleFactor=1, **screen)
        scheme = {"name": "prefers-color-scheme", "value": way.scheme}
        self.devtools("Emulation.setEmulatedMedia", features=[scheme])

    def picture(self, width, height):
        clip = {"x": 0, "y": 0, "width": width, "height": min(height, TALLEST_PICTURE), "scale": 1}
        taken = self.devtools("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)
        return base64.b64decode(taken["data"])


@contextlib.contextmanager
def started_browser(chromedriver, chromium):
    driver = subprocess.Popen(
        [chromedriver, "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    browser = None
    try:
        started = next((line for line in driver.stdout if "started successfully" in line), None)
        if started is None:
            raise RuntimeError("chromedriver did not start")
        browser = Browser(started.rstrip(".\n").split()[-1], chromium)
        yield browser
    finally:
        if browser:
            with contextlib.suppress(OSError, RuntimeError):
                browser.ask("", "DELETE")
        driver.terminate()
        driver.wait()


def wait_for(condition, seconds):
    """What the condition says as soon as that is true; else what it says at the end."""
    end = time.monotonic() + seconds
    while not (answer := condition()) and time.monotonic() < end:
        time.sleep(0.05)
    return answer


def file_of(url):
    return pathlib.Path(urllib.parse.unquote(urllib.parse.urlsplit(url).path))


def problems_in_logs(browser, book):
    """What went wrong since the logs were last read."""
    sent, failed, problems = {}, {}, []
    for entry in browser.ask("/se/log", type="performance"):
        event = json.loads(entry["message"])["message"]
        parameters = event["params"]
        if event["method"] == "Network.requestWillBeSent":
            url = sent[parameters["requestId"]] = parameters["request"]["url"]
            is_own = url.startswith("file:///") and file_of(url).is_relative_to(book)
            if not is_own and not url.startswith(("data:", "about:", "blob:")):
                failed[url] = "leaves the book"
        # What is cancelled was given up on purpose, by turning the page
        elif event["method"] == "Network.loadingFailed" and not parameters.get("canceled"):
            url = sent.get(parameters["requestId"], "unknown address")
            failed.setdefault(url, parameters["errorText"])
        elif event["method"] == "Network.responseReceived":
            response = parameters["response"]
            if response["status"] >= 400:
                failed.setdefault(response["url"], f"status {response['status']}")
    problems += [f"request {url[:120]}: {reason}" for url, reason in failed.items()]
    for entry in browser.ask("/se/log", type="browser"):
        # The console repeats each failed request
        if entry["level"] in ("SEVERE", "WARNING") and entry["message"].split()[0] not in failed:
            problems.append(f"console {entry['level']}: {' '.join(entry['message'].split())[:300]}")
    return problems


def open_page(browser, book, page, way, pictures):
    """The problems of the page, its links and its ids."""
    try:
        browser.open(book / page)
        seen = browser.run(INSPECT, way.width, page.name == "print.html")
        if pictures:
            name = f"{page.with_suffix('')} {way.name}.png".replace("/", "-").replace(", ", "-")
            picture = browser.picture(way.width, seen["height"])
            (pictures / name.replace(" ", "-")).write_bytes(picture)
    except RuntimeError as error:
        seen = {"problems": [f"cannot be opened: {error}"], "links": [], "ids": []}
    return seen["problems"] + problems_in_logs(browser, book), seen["links"], seen["ids"]


def why_broken(link, book, ids):
    """Why the link leads nowhere, or None. `ids` are those of each page that was opened."""
    parts = urllib.parse.urlsplit(link)
    target = file_of(link)
    if parts.scheme != "file":
        return None if parts.scheme else "not an address"
    if not target.is_relative_to(book):
        return "outside the book"
    page = target.relative_to(book)
    if not target.is_file():
        return f"no file {page}"
    names = {"", "top", *ids.get(page, ())}
    if page in ids and not {parts.fragment, urllib.parse.unquote(parts.fragment)} & names:
        return f"no #{parts.fragment} in {page}"
    return None


def walk_by_tab(browser, page):
    browser.open(page)
    problems, reached = {}, set()
    for tab in range(1, MOST_TABS + 1):
        browser.press(TAB)
        # What slides or fades in needs a moment
        good = ["isMarked", "isOnPage"] + ["isSkipLink"] * (tab == 1)
        wait_for(lambda: all(browser.run(FOCUS)[fact] for fact in good), 0.5)
        focus = browser.run(FOCUS)
        if tab == 1 and not focus["isSkipLink"]:
            problems[f"the first Tab reaches no visible skip link but {focus['name']}"] = True
        if focus["isNothing"]:
            break
        reached |= {fact for fact in ("isLinkInNav", "isLinkInMain") if focus[fact]}
        if not (focus["isMarked"] and focus["isOnPage"]):
            problems[f"the focus cannot be seen on {focus['name']}"] = True
    for fact, place in [("isLinkInNav", "<nav>"), ("isLinkInMain", "<main>")]:
        if fact not in reached:
            problems[f"{MOST_TABS} Tabs reach no link in {place}"] = True
    return list(problems)


def turn_pages(browser, page):
    browser.open(page)
    first_url, first_text = browser.url(), browser.run(MAIN_TEXT)
    browser.press(RIGHT)
    if not wait_for(lambda: browser.url() != first_url, 5):
        return ["ArrowRight does not lead to the next page"]
    second_url = browser.url()
    browser.press(LEFT)
    wait_for(lambda: browser.url() != second_url, 5)
    # mdBook has the first chapter twice, as index.html and under its own name
    if browser.url() != first_url and browser.run(MAIN_TEXT) != first_text:
        return ["ArrowLeft does not lead back"]
    return []


def search(browser, page):
    browser.open(page)
    browser.press("/")
    in_field = "return document.activeElement.matches('input[type=search]');"
    if not wait_for(lambda: browser.run(in_field), 5):
        return ["/ does not lead to the search field"]
    browser.press(*SEARCHED)
    if not wait_for(lambda: browser.run(RESULT_IS_SHOWN, SEARCHED), 5):
        return [f"the search does not find {SEARCHED}"]
    # Some searches write what is looked for into the address
    before = browser.url()
    browser.press(DOWN)
    browser.press(ENTER)
    if not wait_for(lambda: browser.url() != before, 5):
        return ["ArrowDown and Enter do not open a result of the search"]
    if SEARCHED not in browser.run(MAIN_TEXT).lower():
        return [f"the search leads to a page without {SEARCHED}"]
    return []


def check_book(browser, book, pages, pictures):
    """Yields each problem, as the line to be printed."""
    ids, linked_from = {}, {}
    for way in WAYS:
        browser.look(way)
        for page in pages:
            if page.parts[0] == "code" and way != WAYS[0]:
                continue
            problems, links, its_ids = open_page(browser, book, page, way, pictures)
            yield from (f"{page} ({way.name}): {problem}" for problem in problems)
            ids.setdefault(page, set()).update(its_ids)
            for link in links:
                linked_from.setdefault(link, f"{page} ({way.name})")
    for link, place in linked_from.items():
        if reason := why_broken(link, book, ids):
            yield f"{place}: broken link {link}: {reason}"

    browser.look(WAYS[0])
    for name, use in [("Tab", walk_by_tab), ("arrow keys", turn_pages), ("search", search)]:
        try:
            problems = use(browser, book / FIRST_PAGE)
        except RuntimeError as error:
            problems = [f"cannot be used: {error}"]
        problems += problems_in_logs(browser, book)
        yield from (f"{FIRST_PAGE} ({name}): {problem}" for problem in problems)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        epilog="example: python3 tests/browser/open_every_page.py target/book --pictures /tmp/pages",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("book", type=pathlib.Path, help="the folder of the bound book")
    parser.add_argument(
        "--pictures", type=pathlib.Path, metavar="DIR", help="keep a picture of each page in DIR"
    )
    arguments = parser.parse_args()
    book = arguments.book.resolve()
    if not (book / FIRST_PAGE).is_file():
        parser.error(f"there is no {FIRST_PAGE} in {arguments.book}")
    chromedriver, chromium = shutil.which("chromedriver"), shutil.which("chromium")
    if not (chromedriver and chromium):
        parser.error("chromium or chromedriver is missing: apt-get install chromium chromium-driver")
    if arguments.pictures:
        arguments.pictures.mkdir(parents=True, exist_ok=True)

    # toc.html is the sidebar for browsers without scripts, and no page of its own
    files = sorted(book.rglob("*.html"))
    pages = [file.relative_to(book) for file in files if file.name != "toc.html"]
    count = 0
    with started_browser(chromedriver, chromium) as browser:
        for line in check_book(browser, book, pages, arguments.pictures):
            print(line, flush=True)
            count += 1
    found = "no problems" if count == 0 else f"{count} problem{'s' * (count > 1)}"
    print(f"opened {len(pages)} pages in {len(WAYS)} ways: {found}")
    sys.exit(1 if count else 0)


if __name__ == "__main__":
    main()
