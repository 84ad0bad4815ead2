"""What can be wrong with a credential before its signature is even looked at."""

__all__ = ["CredentialError"]


class CredentialError(ValueError):
    """`code` is stable: `credential.multibase`, `.key`, `.proof`, `.suite`, `.did`, `.list`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
