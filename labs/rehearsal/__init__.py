"""The rehearsal: the built artifact and the real template on a stand-in for the cloud, with permissions enforced."""
