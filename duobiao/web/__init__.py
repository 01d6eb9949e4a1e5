"""The house around every page: shell, components, formats, errors, form tokens.

Used by every capability that shows something. It knows no business word: what stands in the navigation, the top bar
and the panels of a page arrives through ``web.registry``. Not a place for pages of its own beyond help, theme,
language and the style guide.
"""
