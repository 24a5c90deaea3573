"""How a practice gives us access to its iTero account: consent, region, account, and the way back out.

Discovery comes before pairing and before every refresh, as Align asks; what it names must be on the allow-list.
"""

from base64 import b64encode
from dataclasses import replace
from typing import Any

from integrations import oauth
from integrations.connectors.base import Account, Region
from integrations.connectors.itero import schemas
from integrations.connectors.itero.profile import DEFAULT, Profile
from integrations.errors import BadAnswer, Misconfigured, Reconnect
from integrations.http import Unauthorised, ask, open_session, require_allowed
from integrations.oauth import Client, Tokens


class IteroAuthorization:
    def __init__(self, client: Client, base_url: str, profile: Profile = DEFAULT) -> None:
        """base_url: the general one, where discovery is asked."""
        self._client = client
        self._base_url = base_url
        self._profile = profile

    def url(self, *, state: str, verifier: str, redirect_uri: str) -> str:
        profile = self._profile
        return oauth.authorization_url(
            self._client,
            profile.authorize_path,
            redirect_uri=redirect_uri,
            scopes=profile.scopes,
            state=state,
            verifier=verifier,
        )

    def exchange(self, *, code: str, verifier: str, redirect_uri: str) -> Tokens:
        path = self._profile.token_path
        return oauth.exchange_code(self._client, path, code=code, verifier=verifier, redirect_uri=redirect_uri)

    def region(self) -> Region:
        """Where all further calls go. Raises Misconfigured for a host that is not on the list."""
        basic = b64encode(f"{self._client.client_id}:{self._client.secret}".encode()).decode()
        try:
            answer = self._ask("GET", self._base_url, self._profile.discovery_path, f"Basic {basic}")
        except Reconnect:
            raise Misconfigured("client_refused", "The cloud does not accept our client id and secret.") from None
        name, base_url, oauth_base = schemas.region_of(answer, self._profile)
        for address in (base_url, oauth_base):
            require_allowed(address, self._client.hosts)
        return Region(name, base_url, oauth_base)

    def accounts(self, region: Region, tokens: Tokens) -> list[Account]:
        answer = self._ask("GET", region.base_url, self._profile.accounts_path, f"Bearer {tokens.access}")
        return [Account(account, name) for account, name in schemas.accounts_of(answer, self._profile)]

    def pair(self, region: Region, tokens: Tokens, account: str) -> Tokens:
        """Bind us to an account; the tokens so far are void, those in the answer count."""
        body = {self._profile.account_id_field: account}
        answer = self._ask("POST", region.base_url, self._profile.pairing_path, f"Bearer {tokens.access}", body)
        if not isinstance(answer, dict):
            raise BadAnswer("no_tokens", "The cloud's answer holds no usable tokens.")
        return oauth.tokens_of(answer)

    def renew(self, refresh_token: str) -> tuple[Region, Tokens]:
        region = self.region()
        client = replace(self._client, oauth_base=region.oauth_base)
        return region, oauth.renew(client, self._profile.token_path, refresh_token=refresh_token)

    def leave(self, region: Region, tokens: Tokens) -> None:
        """Un-pair, then revoke: afterwards the tokens are worth nothing."""
        client = replace(self._client, oauth_base=region.oauth_base)
        try:
            self._ask("DELETE", region.base_url, self._profile.pairing_path, f"Bearer {tokens.access}")
        finally:  # without the pairing's end the tokens are to die all the more
            oauth.revoke(client, self._profile.revoke_path, token=tokens.refresh)

    def _ask(self, method: str, base_url: str, path: str, authorization: str, body: Any = None) -> Any:
        try:
            with open_session(self._client.hosts) as session:
                return ask(session, method, f"{base_url}{path}", headers={"Authorization": authorization}, body=body)
        except Unauthorised:
            raise Reconnect("token_refused", "The cloud does not accept us. Please connect again.") from None
