"""What a card does without goes, and nothing else."""

from pathlib import Path

from images.prune import prune


def pruned(folder: Path, patterns: str, *files: str) -> set[str]:
    root = folder / "root"
    for name in files:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    (folder / "patterns").write_text(patterns)
    prune(root, folder / "patterns")
    return {str(path.relative_to(root)) for path in root.rglob("*")}


def test_a_named_folder_goes_with_all_below(tmp_path: Path) -> None:
    left = pruned(tmp_path, "# comment\n\nusr/man\n", "usr/man/vi/ls.1", "usr/bin/ls")
    assert left == {"usr", "usr/bin", "usr/bin/ls"}


def test_what_is_kept_stays_where_it_is(tmp_path: Path) -> None:
    left = pruned(tmp_path, "doc/*\n!doc/*/copyright\n", "doc/a/copyright", "doc/a/x", "doc/b/x")
    assert left == {"doc", "doc/a", "doc/a/copyright"}


def test_a_link_goes_and_what_it_leads_to_stays(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "link").symlink_to("kept")
    assert pruned(tmp_path, "link\n", "kept/file") == {"kept", "kept/file"}
