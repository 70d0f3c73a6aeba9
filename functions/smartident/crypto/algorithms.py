"""What may sign a client's id_token (RFC 7518 3.1). RS256 is for programs that know nothing else."""

from __future__ import annotations

ES256, RS256 = "ES256", "RS256"
ID_TOKEN_ALGS = (ES256, RS256)
