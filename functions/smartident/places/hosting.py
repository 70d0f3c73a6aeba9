"""Hosting networks: where servers stand and few people sit. A login from there is an event, and never refused."""

from __future__ import annotations

# Autonomous system numbers (RFC 6793) of large hosts in Europe and of the largest clouds, as their own pages name them.
# A list that lacks one costs a line in the log, no more.
HOSTING_NETWORKS = frozenset(
    {
        8075,  # Microsoft Azure
        8560,  # IONOS
        9009,  # M247
        12876,  # Scaleway
        14061,  # DigitalOcean
        14618,  # Amazon
        16276,  # OVHcloud
        16509,  # Amazon
        20473,  # Vultr
        24940,  # Hetzner
        31898,  # Oracle Cloud
        45102,  # Alibaba Cloud
        51167,  # Contabo
        60781,  # Leaseweb
        63949,  # Akamai Connected Cloud
        132203,  # Tencent Cloud
        197540,  # netcup
        396982,  # Google Cloud
    }
)


def is_hosting(asn: int | None) -> bool:
    """Whether this is the number of a hosting network; nobody calls an unknown network one."""
    return asn in HOSTING_NETWORKS
