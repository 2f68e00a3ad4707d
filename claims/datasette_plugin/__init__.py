"""The Datasette plugin: pages on which people read claims in their articles.

The only package here that knows Datasette.
"""
