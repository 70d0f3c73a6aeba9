"""What the steps share: packages by domain, which import only packages of lower floors (docs/architecture.md)."""
