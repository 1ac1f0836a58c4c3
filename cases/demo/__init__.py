"""The demo: invented people who live their cases through the actions, with documents that look like real ones."""
