"""The window: theme, widgets, access, tasks, screens. Screens are given functions and never import the database."""

