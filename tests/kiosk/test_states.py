from kiosk import states


def test_every_code_means_one_state_and_fits_a_byte() -> None:
    found = states.load()
    codes = [state.code for state in found.values()]
    assert len(set(codes)) == len(codes)
    assert all(states.of_code(state.code) is state for state in found.values())
    assert states.of_code(255) is None


def test_every_state_has_both_languages_and_a_picture() -> None:
    for state in states.load().values():
        assert state.vi != state.en
        assert state.picture.startswith("state_")
