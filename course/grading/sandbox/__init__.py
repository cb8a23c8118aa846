"""Where answers run: the fork servers, their confined children, and the wire between."""
