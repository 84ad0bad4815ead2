"""How the pages for signing in ask: in our words, so that what is wrong with an answer names the question."""

from typing import Any

from allauth.account.forms import LoginForm as AnyLoginForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django.utils.translation import gettext_lazy as _

__all__ = ["LoginForm", "PasskeyForm", "PasskeyNameForm"]


class LoginForm(AnyLoginForm):  # type: ignore[misc]  # allauth publishes no types
    """User name, password, and whether to stay signed in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("User name")
        self.fields["password"].label = _("Password")
        if "remember" in self.fields:
            self.fields["remember"].label = _("Stay signed in on this device")


def _ask_name(form: Any) -> None:
    form.fields["name"].label = _("What do you call it?")
    form.fields["name"].help_text = _("So that you know it again in the list: “my telephone”, “the key on my ring”.")
    form.fields["name"].max_length = 60


class PasskeyForm(AddWebAuthnForm):  # type: ignore[misc]  # allauth publishes no types
    """A device that signs in, by fingerprint, face or its own code; a plain security key goes with the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_name(self)
        alone = self.fields["passwordless"]
        alone.initial = True
        alone.label = _("Sign in with it alone, without the password")
        alone.help_text = _(
            "It then asks for your fingerprint, your face or its code. Not every older key can do that."
        )


class PasskeyNameForm(EditWebAuthnForm):  # type: ignore[misc]  # allauth publishes no types
    """What somebody calls their passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_name(self)
        self.fields["name"].error_messages["required"] = _("Give it a name.")
