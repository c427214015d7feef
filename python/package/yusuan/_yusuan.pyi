
__version__: str

class ExtractError(Exception):
    code: str
    name: str

def read_bytes(
    data: bytes, name: str, timeout: float | None, password: str | None, second_reader: bool, contacts: bool
) -> tuple[None, list[bytes]] | tuple[str, str]: ...
def columns() -> list[tuple[str, list[str]]]: ...
def command(args: list[str]) -> int: ...
