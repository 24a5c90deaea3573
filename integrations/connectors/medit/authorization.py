"""How a clinic gives us access to its Medit Link group: one region, and no pairing, for consent names the group."""

from integrations import oauth
from integrations.connectors.base import Account, Region
from integrations.connectors.medit import schemas
from integrations.connectors.medit.profile import DEFAULT, Profile
from integrations.errors import Reconnect
from integrations.http import Unauthorised, ask, open_session
from integrations.oauth import Client, Tokens


class MeditAuthorization:
    def __init__(self, client: Client, base_url: str, profile: Profile = DEFAULT) -> None:
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
        return Region("", self._base_url, self._client.oauth_base)

    def accounts(self, region: Region, tokens: Tokens) -> list[Account]:
        """The one group that the person who said yes belongs to."""
        headers = {
            "Authorization": f"Bearer {tokens.access}",
            self._profile.client_id_header: self._client.client_id,
        }
        try:
            with open_session(self._client.hosts) as session:
                answer = ask(session, "GET", f"{region.base_url}{self._profile.me_path}", headers=headers)
        except Unauthorised:
            raise Reconnect("token_refused", "The cloud does not accept us. Please connect again.") from None
        return [schemas.account_of(answer, self._profile)]

    def pair(self, region: Region, tokens: Tokens, account: str) -> Tokens:
        """Nothing to do: the group stands in a header of every call."""
        return tokens

    def renew(self, refresh_token: str) -> tuple[Region, Tokens]:
        return self.region(), oauth.renew(self._client, self._profile.token_path, refresh_token=refresh_token)

    def leave(self, region: Region, tokens: Tokens) -> None:
        """No call to revoke tokens is public: they die of age once we have forgotten them."""
