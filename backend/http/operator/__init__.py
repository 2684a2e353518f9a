"""The operator's screens, one file a screen: its view and its handlers."""
