from kiosk.content import status_codes


def test_every_code_means_one_state_and_fits_a_byte() -> None:
    found = status_codes.load()
    codes = [state.code for state in found.values()]
    assert len(set(codes)) == len(codes)
    assert all(status_codes.of_code(state.code) is state for state in found.values())
    assert status_codes.of_code(255) is None


def test_every_state_has_both_languages_and_a_picture() -> None:
    for state in status_codes.load().values():
        assert state.vi != state.en
        assert state.picture.startswith("state_")
