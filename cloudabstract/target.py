"""A target, opened: configuration made into a provider, and a session when one is first needed."""

from __future__ import annotations

from types import TracebackType

from cloudabstract.errors import CallError, CloudAbstractError, ErrorCode, Failure
from cloudabstract.plugins import Plugins
from cloudabstract.provider import Provider, Session
from cloudabstract.spec import config as configuration
from cloudabstract.spec.config_file import Target as Configured


class Target:
    """One configured provider. The session is opened on first use and closed with the target."""

    def __init__(self, name: str, provider: Provider) -> None:
        self.name = name
        self.provider = provider
        self._session: Session | None = None

    @classmethod
    def open(cls, config: Configured, plugins: Plugins) -> Target:
        """The target that `config` describes; opens no connection.

        Raises ConfigError when there is no such provider or its settings are not valid.
        """
        offer = plugins.offer(config.provider)
        given, where = config.settings, config.where
        settings: object = configuration.typed_settings(offer.settings, given, where)
        return cls(config.name, offer.open(settings))

    @property
    def session(self) -> Session:
        """The open session. Raises CallError when the target cannot be reached at all."""
        if self._session is None:
            self._session = self._connect()
        return self._session

    def close(self) -> None:
        """Close the session if there is one; it opens again when needed."""
        if self._session is not None:
            self._session.close()
            self._session = None

    def __enter__(self) -> Target:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _connect(self) -> Session:
        try:
            return self.provider.connect()
        except CloudAbstractError:
            raise
        except Exception as error:  # whatever the SDK raises when it finds no credentials
            text = f"{type(error).__name__}: {error}"
            remedy = f"`cloudabstract doctor -t {self.name}` tells what is missing"
            failure = Failure(ErrorCode.DENIED, text, remedy=remedy)
            raise CallError(failure, f"connect to target {self.name}") from error
