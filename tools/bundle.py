"""One file with which Lianzhang is installed where there is no network: `make bundle` writes
dist/lianzhang-<version>-<platform>.tar.

Inside: wheels of everything by the locked hashes, our own wheel with browser files, messages and catalogues, documents as
HTML, bill of materials, licences, sums by SHA-256 and SM3, install.sh, units, container file.
"""

from __future__ import annotations

import hashlib
import json
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACK = (
    "src", "catalogues", "pyproject.toml", "requirements", "LICENSE", "README.md",
)  # fmt: skip


def main() -> int:
    """Make the bundle; prints its path and size."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    name = f"lianzhang-{version}-{platform.system().lower()}-{platform.machine()}-{python_tag()}"
    out = ROOT / "dist" / f"{name}.tar"
    out.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / name
        (folder / "wheels").mkdir(parents=True)
        wheel = own_wheel(folder / "wheels")
        locked = (ROOT / "requirements" / "run.txt").read_text()
        (folder / "requirements.txt").write_text(
            f"{locked.rstrip()}\nlianzhang=={version} --hash=sha256:{digest(wheel, 'sha256')}\n"
        )
        download(folder / "wheels")
        licences(folder)
        documents(folder / "docs")
        bill(folder)
        shutil.copytree(
            ROOT / "deploy", folder / "deploy", ignore=shutil.ignore_patterns("install.sh", "UPGRADE.md")
        )
        for each in ("install.sh", "UPGRADE.md"):
            shutil.copy(ROOT / "deploy" / each, folder / each)
        shutil.copy(ROOT / "LICENSE", folder / "LICENSE")
        (folder / "python-tag").write_text(python_tag() + "\n")
        (folder / "machine").write_text(platform.machine() + "\n")
        sums(folder)
        with tarfile.open(out, "w") as tar:
            tar.add(folder, name, filter=plain)
    print(f"{out.relative_to(ROOT)}: {out.stat().st_size >> 20} MB, sha256 {digest(out, 'sha256')}")
    return 0


def python_tag() -> str:
    """As wheels name the Python that runs here: cp311."""
    return f"cp{sys.version_info.major}{sys.version_info.minor}"


def own_wheel(folder: Path) -> Path:
    """Our wheel from a copy in which the catalogues lie inside the package."""
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place)
        for each in PACK:
            source = ROOT / each
            ignore = shutil.ignore_patterns("__pycache__", "*.egg-info", "tests")
            shutil.copytree(source, copy / each, ignore=ignore) if source.is_dir() else shutil.copy(
                source, copy
            )
        shutil.move(copy / "catalogues", copy / "src" / "lianzhang" / "catalogues")
        run("pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, copy)
    [wheel] = folder.glob("lianzhang-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    for wanted in ("static/vendor/tabler.min.css", "django.mo", "catalogues/example/city.yaml"):
        if not any(n.endswith(wanted) for n in names):
            raise SystemExit(f"the wheel lacks {wanted}: run `make assets messages` first")
    return wheel


def download(folder: Path) -> None:
    """Every locked package as a wheel of the locked hash; none is built here."""
    locked = ROOT / "requirements" / "run.txt"
    run(
        "pip",
        "download",
        "--quiet",
        "--require-hashes",
        "--only-binary",
        ":all:",
        "--dest",
        folder,
        "-r",
        locked,
    )


def run(module: str, *arguments: object) -> None:
    """Run a module of the environment, without a word unless it fails."""
    done = subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{module}: {done.stderr.strip()[-2000:]}")


def licences(folder: Path) -> None:
    """The licence files out of every wheel."""
    for wheel in sorted((folder / "wheels").glob("*.whl")):
        with zipfile.ZipFile(wheel) as archive:
            for member in archive.namelist():
                if re.search(
                    r"\.dist-info/(licenses/)?[^/]*(LICEN[CS]E|COPYING|NOTICE|AUTHORS)[^/]*$",
                    member,
                    re.IGNORECASE,
                ):
                    target = folder / "licences" / wheel.name.split("-")[0] / Path(member).name
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(archive.read(member))


def documents(folder: Path) -> None:
    """The documents as HTML, links between them included."""
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark").enable("table")
    for source in sorted((ROOT / "docs").rglob("*")):
        target = folder / source.relative_to(ROOT / "docs")
        if source.suffix == ".md":
            body = re.sub(
                r'href="([^":]*?)\.md(#[^"]*)?"', r'href="\1.html\2"', reader.render(source.read_text())
            )
            body = body.replace('README.html"', 'index.html"')
            target = target.with_name("index.html" if source.name == "README.md" else f"{source.stem}.html")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(f'<!doctype html><meta charset="utf-8"><title>{source.stem}</title>\n{body}')
        elif source.suffix in (".png", ".json", ".csv"):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)


def bill(folder: Path) -> None:
    """sbom.cdx.json: CycloneDX of the locked packages, with the browser's files added from their lock."""
    path = folder / "sbom.cdx.json"
    run("cyclonedx_py", "requirements", folder / "requirements.txt", "--output-reproducible", "-o", path)
    found = json.loads(path.read_text())
    for name, sha in sorted(json.loads((ROOT / "frontend" / "vendor.lock.json").read_text()).items()):
        file = {"type": "file", "name": name, "hashes": [{"alg": "SHA-256", "content": sha}]}
        found["components"].append(file)
    path.write_text(json.dumps(found, indent=1))


def sums(folder: Path) -> None:
    """SHA256SUMS and SM3SUMS over everything else."""
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    for name, algorithm in (("SHA256SUMS", "sha256"), ("SM3SUMS", "sm3")):
        lines = [f"{digest(p, algorithm)}  {p.relative_to(folder).as_posix()}" for p in files]
        (folder / name).write_text("\n".join(lines) + "\n")


def digest(path: Path, algorithm: str) -> str:
    """The digest of a file's bytes."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, lambda: hashlib.new(algorithm)).hexdigest()


def plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Nobody's name and hour: the same content is the same file."""
    member.uid = member.gid = member.mtime = 0
    member.uname = member.gname = ""
    return member


if __name__ == "__main__":
    sys.exit(main())
