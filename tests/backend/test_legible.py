"""Text that people read is kept as it shows."""

from backend.legible import legible, shows


def test_what_does_not_show_is_left_out() -> None:
    assert legible("Relev\u00e9 \u202efdp.exe\u2066") == "Relev\u00e9 fdp.exe"
    assert legible("Avis\nd\u2019imp\u00f4t\x00 ") == "Avis d\u2019imp\u00f4t"
    assert legible("\u202e\u200b") == ""
    assert shows(legible("a\u202e\u2028b"))
