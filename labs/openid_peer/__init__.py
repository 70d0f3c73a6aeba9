"""oidc-provider from npm beside smartIDENT: the same code flow of OpenID Connect."""
