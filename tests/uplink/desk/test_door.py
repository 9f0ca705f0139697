"""Nobody reads without a passphrase, and nobody acts with a form that is not the desk's own."""

from tests.uplink.desk.place import READER, SECRET, Client, crime, deliver


def test_a_passphrase_opens_the_inbox(village, port) -> None:
    deliver(village, crime())
    client = Client(port)
    assert client.get("/").headers["location"] == "/sign-in"
    assert client.sign_in().headers["location"] == "/"
    assert "Tố giác tội phạm" in client.get("/").text


def test_a_wrong_passphrase_and_an_unknown_name_are_answered_alike(port) -> None:
    wrong = Client(port).sign_in(READER, "không phải")
    unknown = Client(port).sign_in("Ai Đó", "không phải")
    assert wrong.status == unknown.status == 401
    assert wrong.text == unknown.text.replace("Ai Đó", READER)


def test_a_form_without_the_token_does_nothing(client: Client) -> None:
    assert client.post("/", {}).status == 405


def test_signing_out_ends_the_session(port) -> None:
    client = Client(port)
    client.sign_in(READER, SECRET)
    kept = client.cookie
    client.post("/sign-out", {})
    client.cookie = kept
    assert client.get("/").status == 303
