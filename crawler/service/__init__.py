"""The HTTP service: saving on demand, availability, and reading what is archived.

:func:`~crawler.service.app.create_app` makes it over a :class:`~crawler.service.context.Context`. Only
``crawler.cli`` is above this package.
"""
