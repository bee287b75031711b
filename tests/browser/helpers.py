"""What several journeys do: hand in a file, wait for the work, look for words of the wrong language."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

WORK = 60_000  # milliseconds that a piece of background work may take here
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What may stand in Latin letters on a Chinese page: codes, files, units, names of formats and of the licence.
NAMES = {
    "Excel", "CSV", "Parquet", "UTF", "GBK", "XLSX", "xlsx", "xls", "csv", "parquet", "zip", "Word",
    "Office", "PDF", "PNG", "MB", "kWh", "tce",
    "Apache", "Enter", "Esc", "j", "k", "x", "ESRI", "English", "API", "GDP", "id",
}  # fmt: skip


def axe(page: Any, *rules: str) -> list[str]:
    """WCAG 2.2 AA violations of the page as it stands; with `rules` of these rules only."""
    from axe_playwright_python.sync_playwright import Axe

    only = {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": RULES}
    found = Axe().run(page, options={"runOnly": only, "resultTypes": ["violations"]}).response["violations"]
    return [f"{v['id']}: {v['help']} ({len(v['nodes'])}×, {v['nodes'][0]['target']}){_why(v)}" for v in found]


def _why(violation: dict[str, Any]) -> str:
    """What axe measured at the first place, as the two colours."""
    checks = violation["nodes"][0]["any"]
    return f": {checks[0]['message'][:160]}" if checks else ""


def overflow(page: Any) -> int:
    """Pixels by which the page is wider than its window, once charts had a moment (1 s) to follow it."""
    for _ in range(20):
        wider: int = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        if wider <= 0:
            break
        page.wait_for_timeout(50)
    return wider


def text_of(page: Any, selector: str = "body") -> str:
    """What a reader sees there, without what is data: sheet and file names, codes, other languages' names."""
    script = """selector => {
      const root = document.querySelector(selector).cloneNode(true);
      root.querySelectorAll('script, style, [lang], code, kbd, [data-verbatim]').forEach(e => e.remove());
      const words = []; const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
      while (walk.nextNode()) words.push(walk.currentNode.nodeValue.trim());
      root.querySelectorAll('[aria-label], [placeholder], [title]').forEach(e =>
        words.push(e.getAttribute('aria-label') || '', e.getAttribute('placeholder') || '', e.getAttribute('title') || ''));
      return words.filter(w => w).join('\\n'); }"""
    found: str = page.evaluate(script, selector)
    return found


def english_words(text: str) -> list[str]:
    """English words of a Chinese page that are neither a code, a file nor a known name."""
    found = []
    for line in text.splitlines():
        if re.search(r"\.(xlsx|csv|parquet|xls|zip)\b", line) or (
            re.fullmatch(r"[\w.:\-]+@?[\w.]*", line) and not line.isalpha()
        ):
            continue
        for word in re.findall(r"(?<![A-Za-z0-9_])[A-Za-z][A-Za-z'’]+(?![A-Za-z0-9_])", line):
            if word not in NAMES and not word.isupper():
                found.append(f"{word} ({line[:60]})")
    return found


def chinese_words(text: str) -> list[str]:
    """Chinese words, one line each."""
    return [line[:60] for line in text.splitlines() if re.search(r"[\u4e00-\u9fff]", line)]


def hand_in(page: Any, url: str, file: Path, **about: str) -> None:
    """Upload a file with what is said about it; returns when it has been read."""
    page.goto(f"{url}/imports/new/")
    page.set_input_files("main input[type=file]", str(file))
    for name, value in about.items():
        control = page.locator(f"main [name={name}]")
        if control.evaluate("e => e.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.fill(value)
    page.click("main form button.btn-primary")
    page.wait_for_url(re.compile(r"/imports/\d+/$"))
    settle(page)


def settle(page: Any) -> None:
    """Wait until no progress is shown any more: the work is over and its page stands."""
    page.wait_for_load_state("networkidle")
    page.locator("main progress").first.wait_for(state="detached", timeout=WORK)
    page.wait_for_load_state("networkidle")


def check_character(first17: str) -> str:
    """The last character of a unified social credit code (GB 32100-2015, 5.5)."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(alphabet.index(c) * pow(3, i, 31) for i, c in enumerate(first17))
    return alphabet[(31 - total % 31) % 31]
