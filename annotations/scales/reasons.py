"""The reason that a person gives for an act on record."""


def checked_reason(raw: str, most: int, refused: type[Exception], why: str) -> str:
    """*raw* without the blanks around it.

    Raises *refused* where it holds more than *most* characters, or nothing: then with *why* one is
    needed, the end of "Give the reason: ...".
    """
    reason = raw.replace("\x00", "").strip()
    if not reason:
        raise refused(f"Give the reason: {why}.")
    if len(reason) > most:
        raise refused(f"The reason has {len(reason)} characters: shorten it to {most}.")
    return reason
